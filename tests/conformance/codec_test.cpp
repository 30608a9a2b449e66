#include "backends/ordered_kv/codec.hpp"

#include <functional>
#include <limits>
#include <string>

#include <catch2/catch.hpp>

#include "backends/ordered_kv/fields.hpp"
#include "backends/ordered_kv/keys.hpp"

using namespace keelson;
using namespace keelson::backends;
using namespace keelson::backends::ordered_kv;

namespace {

hash256 hash_of(std::uint8_t fill) {
  hash256 hash;
  hash.bytes.fill(fill);
  return hash;
}

const document_id id{collection_name::trusted("cities"), document_key::trusted("paris")};
constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

document some_document() {
  return {.id = id,
          .version = {300},
          .time = {std::numeric_limits<std::int64_t>::min()},
          .hash = hash_of(7),
          .meta = std::string("\0meta", 5),
          .value = R"({"a":1})"};
}

log_record some_record() {
  return {.at = {9},
          .ends_commit = 1,
          .chain = hash_of(1),
          .time = {-1},
          .id = id,
          .op = change_op::remove,
          .previous = {most},
          .bytes_before = 128,
          .hash_before = hash_of(2),
          .hash_after = hash_of(3),
          .meta = "m",
          .value = std::string(300, 'v'),
          .image_before = "i",
          .principal = "p",
          .request_id = "r"};
}

primary_meta some_meta() {
  return {.log_id = "id",
          .epochs = {{"aaaaaaaa", {0}}, {"bbbbbbbb", {epoch_distance}}},
          .last = {most},
          .chain = hash_of(4),
          .term = 5,
          .last_time = {6},
          .oldest = {7},
          .oldest_chain = hash_of(8),
          .documents = 9,
          .bytes = 10,
          .log_bytes = 11};
}

secondary_state some_state() {
  return {.point = {.what = store_point::phase::rebuilding,
                    .at = {{"aaaaaaaa", {12}}, hash_of(9)},
                    .copied = id},
          .counts = {13, 14}};
}

store_mark some_mark() {
  return {.owner = {.log_id = "id", .role = store_role::secondary, .name = "kv"}, .format = 77};
}

/// Each kind of record: as it is written, and how its decoding ends.
struct kind {
  std::string name;
  std::string bytes;
  std::function<std::optional<errc>(std::string_view)> failure;
};

template <class T>
std::optional<errc> failure_of(const result<T>& decoded) {
  return decoded ? std::nullopt : std::optional(decoded.error().code);
}

std::vector<kind> kinds() {
  std::string document_bytes, record_bytes, meta_bytes, state_bytes, mark_bytes;
  encode_document(document_bytes, row_of(some_document()));
  encode_log_record(record_bytes, some_record());
  encode_primary_meta(meta_bytes, some_meta());
  encode_secondary_state(state_bytes, some_state().point, some_state().counts);
  encode_mark(mark_bytes, some_mark());
  return {
      {"document", document_bytes, [](auto raw) { return failure_of(decode_document(id, raw)); }},
      {"record", record_bytes, [](auto raw) { return failure_of(decode_log_record({9}, raw)); }},
      {"meta", meta_bytes, [](auto raw) { return failure_of(decode_primary_meta(raw)); }},
      {"state", state_bytes, [](auto raw) { return failure_of(decode_secondary_state(raw)); }},
      {"mark", mark_bytes, [](auto raw) { return failure_of(decode_mark(raw)); }}};
}

}  // namespace

TEST_CASE("records come back as they were written") {
  std::string bytes;
  const auto document = some_document();
  encode_document(bytes, row_of(document));
  CHECK(decode_document(id, bytes) == document);
  auto bare = document;
  bare.value.clear();
  CHECK(decode_document(id, bytes, scan_content::without_values) == bare);

  bytes.clear();
  encode_log_record(bytes, some_record());
  CHECK(decode_log_record({9}, bytes) == some_record());

  bytes.clear();
  encode_primary_meta(bytes, some_meta());
  CHECK(decode_primary_meta(bytes) == some_meta());

  bytes.clear();
  encode_secondary_state(bytes, some_state().point, some_state().counts);
  const auto state = decode_secondary_state(bytes);
  REQUIRE(state);
  CHECK(state->point == some_state().point);
  CHECK(state->counts == some_state().counts);

  bytes.clear();
  encode_mark(bytes, some_mark());
  CHECK(decode_mark(bytes) == some_mark());
}

TEST_CASE("a record that is cut off anywhere is damaged") {
  for (const auto& [name, bytes, failure] : kinds()) {
    CAPTURE(name);
    REQUIRE(failure(bytes) == std::nullopt);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CAPTURE(size);
      REQUIRE(failure(std::string_view(bytes).substr(0, size)) == errc::store_corrupt);
    }
    CHECK(failure(bytes + '\0') == errc::store_corrupt);
  }
}

TEST_CASE("fields of a later release are skipped, its formats refused") {
  for (const auto& [name, bytes, failure] : kinds()) {
    CAPTURE(name);
    auto grown = bytes;
    grown.pop_back();
    std::string more;
    field_writer(more).number(900, most).bytes(901, "of tomorrow").end();
    grown += more.substr(1);
    CHECK(failure(grown) == std::nullopt);
    auto other = bytes;
    other.front() = 2;
    CHECK(failure(other) == errc::store_mismatch);
  }
}

TEST_CASE("no bytes make a decoder read beyond them or throw") {
  for (const auto& [name, bytes, failure] : kinds()) {
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (unsigned byte = 0; byte < 256; ++byte) {
        auto changed = bytes;
        changed[at] = static_cast<char>(byte);
        const auto code = failure(changed);
        REQUIRE((!code || code == errc::store_corrupt || code == errc::store_mismatch));
      }
    }
  }
}

TEST_CASE("a log record without names or with an unknown operation is damaged") {
  auto record = some_record();
  SECTION("collection") {
    record.id.collection = {};
  }
  SECTION("key") {
    record.id.key = {};
  }
  SECTION("operation") {
    record.op = static_cast<change_op>(3);
  }
  std::string bytes;
  encode_log_record(bytes, record);
  CHECK(failure_of(decode_log_record({9}, bytes)) == errc::store_corrupt);
}

TEST_CASE("keys give back what they were made of, in its order") {
  std::string key;
  append_document_key(key, id);
  CHECK(parse_document_key(key) == id);
  CHECK_FALSE(parse_document_key("dcities"));
  CHECK_FALSE(parse_document_key("lcities"));

  std::string before;
  for (const std::uint64_t at : {0ULL, 1ULL, 255ULL, 256ULL, 1ULL << 32, ~0ULL}) {
    key.clear();
    append_log_key(key, {at});
    CHECK(parse_log_key(key) == sequence{at});
    CHECK(before < key);
    before = key;
  }
  CHECK_FALSE(parse_log_key("l1234567"));
}
