#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/deep_to_string.hpp>
#include <caf/message.hpp>
#include <catch2/catch.hpp>

#include "protocols/messages/type_ids.hpp"

using namespace keelson;
using namespace keelson::messages;

namespace {

struct registered : caf::actor_system_config {
  registered() { add_message_types<caf::id_block::keelson>(); }
};

/// Sends a value through CAF's serialiser as a message, as between two nodes, and compares all that
/// `inspect` shows of it.
template <class T>
void check_round_trip(const T& value) {
  registered config;
  caf::actor_system system(config);
  std::vector<char> bytes;
  caf::binary_serializer sink(system, bytes);
  auto sent = caf::make_message(value);
  REQUIRE(!sink(sent));
  caf::message received;
  caf::binary_deserializer source(system, bytes);
  REQUIRE(!source(received));
  REQUIRE(received.match_elements<T>());
  REQUIRE(caf::deep_to_string(received.get_as<T>(0)) == caf::deep_to_string(value));
  REQUIRE(caf::deep_to_string(value) != caf::deep_to_string(T{}));
}

const document_id some_id{collection_name::trusted("cities"), document_key::trusted("a/\xC3\xA9")};
const position some_position{"abcdefgh", {77}};
const hash256 some_hash = hash_value("x");
const document some_document{some_id, {5}, {123}, some_hash, "meta", R"({"a":1})"};
const request_context some_context{"id-1", "tester", "trace", 250};
const open_difference some_difference{"kv", some_id, "stale", {2}, {1}, {9}};

log_record some_record() {
  return {.at = {9},
          .ends_commit = 1,
          .chain = some_hash,
          .time = {1},
          .id = some_id,
          .op = change_op::remove,
          .previous = {4},
          .bytes_before = 12,
          .hash_before = some_hash,
          .hash_after = hash_value("y"),
          .meta = "m",
          .value = "1",
          .image_before = "0",
          .principal = "p",
          .request_id = "r"};
}

}  // namespace

TEST_CASE("the writer's messages survive the way between nodes") {
  write_request request{.context = some_context,
                        .operations = {{.op = write_op::patch,
                                        .id = some_id,
                                        .value = "{}",
                                        .value_hash = some_hash,
                                        .condition = precondition::version_is,
                                        .expected = {3},
                                        .if_unmet = unmet::skip}},
                        .idempotency_key = "k",
                        .fingerprint = some_hash,
                        .lane = write_lane::bulk};
  check_round_trip(write_batch{{request, request}});
  check_round_trip(write_receipts{
      {write_receipt{some_position, {{write_effect::removed, {8}}}, "key"},
       error{.code = errc::precondition_failed, .detail = "d", .index = 2, .present_version = 7}}});
}

TEST_CASE("the readers' messages survive the way between nodes") {
  check_round_trip(get_batch{{get_request{some_context, some_id, some_position}}});
  check_round_trip(get_replies{{get_reply{some_position, {1, some_document}}}});
  check_round_trip(
      get_many_request{some_context, some_id.collection, {some_id.key}, 5, some_position});
  check_round_trip(answer<get_many_reply>(get_many_reply{some_position, {{1, some_document}}}));
  list_request list{.context = some_context, .collection = some_id.collection};
  list.order = list_order::backward;
  list.values = list_values::without;
  check_round_trip(list);
  check_round_trip(answer<list_page>(list_page{some_position, {some_document}, 1}));
  check_round_trip(log_request{{some_position, some_hash}, 7, 8});
  check_round_trip(answer<log_reply>(
      log_reply{{{some_position, some_hash}, {some_position, some_hash}, {some_record()}},
                {some_position, some_hash},
                {3},
                {2}}));
}

TEST_CASE("the feed's messages survive the way between nodes") {
  check_round_trip(since{since_kind::at, some_position});
  check_round_trip(answer<resolved>(resolved{some_position, some_position, some_position}));
  check_round_trip(replay_request{some_position, {{"cities"}, "p"}, 1, 2, 3});
  check_round_trip(
      answer<replay_slice>(replay_slice{{some_record()}, {{9}}, some_position, some_position}));
  check_round_trip(feed_status{1, 2, 3, 4});
}

TEST_CASE("status messages survive the way between nodes") {
  primary_status primary{.url = "sqlite:primary.db", .state = component_state::serving};
  primary.replaced.push_back({{some_position, some_hash}, {some_position, {}}, "kv", {5}});
  check_round_trip(primary);
  check_round_trip(secondary_status{.name = "kv", .applied = some_position, .lag_seconds = 1.5});
  check_round_trip(validator_status{.checks = 4, .progress = 0.5, .open = {some_difference}});
}

TEST_CASE("the validator's messages survive the way between nodes") {
  check_round_trip(some_context);
  check_round_trip(some_id);
  check_round_trip(check_batch{{some_id}});
  check_round_trip(comparisons{{{"kv", comparison::different}}});
  check_round_trip(verify_request{"kv", "cities"});
  check_round_trip(answer<std::string>(std::string("pass")));
  verify_report report{.id = "p", .state = pass_state::incomplete, .progress = 0.25};
  report.secondaries.push_back(
      {"kv", pass_state::different, some_position, some_position, {1, 2, 3, 4}, 5, "why"});
  report.differences.push_back(some_difference);
  check_round_trip(answer<verify_report>(report));
  check_round_trip(differences_request{"p", 3, 4});
  check_round_trip(answer<differences_page>(differences_page{{some_difference}, 1}));
}
