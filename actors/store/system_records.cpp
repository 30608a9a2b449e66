#include "actors/store/system_records.hpp"

#include <array>
#include <cstdio>

#include <boost/json.hpp>

namespace keelson::store {

namespace json = boost::json;

namespace {

/// Runs a decoder over a parsed object; whatever it misses is a damaged record of ours.
template <class Decode>
auto decode(std::string_view text, Decode&& decode_object)
    -> result<decltype(decode_object(std::declval<const json::object&>()))> {
  boost::system::error_code problem;
  const auto value = json::parse(text, problem);
  if (problem || !value.is_object()) {
    return fail(errc::store_corrupt, "a system record is not a JSON object");
  }
  try {
    return decode_object(value.get_object());
  } catch (const std::exception& e) {
    return fail(errc::store_corrupt, std::string("a system record lacks a member: ") + e.what());
  }
}

std::uint64_t number(const json::object& object, std::string_view name) {
  return object.at(name).to_number<std::uint64_t>();
}

std::string text_of(const json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

timestamp time_of(const json::object& object) {
  return {object.at("time").to_number<std::int64_t>()};
}

}  // namespace

std::string collection_row(const collection_name& collection) {
  return "collection/" + collection.text();
}

std::string encode_counts(const backends::store_counts& counts) {
  return json::serialize(json::object{{"documents", counts.documents}, {"bytes", counts.bytes}});
}

result<backends::store_counts> decode_counts(std::string_view text) {
  return decode(text, [](const json::object& object) {
    return backends::store_counts{number(object, "documents"), number(object, "bytes")};
  });
}

std::string idempotency_row(std::string_view scope, std::string_view key) {
  std::string row = "idempotency/key/";
  row.append(scope).push_back('\0');
  return row.append(key);
}

std::string encode_idempotency(const idempotency_record& record) {
  json::array outcomes;
  for (const auto& outcome : record.receipt.outcomes) {
    outcomes.push_back(json::array{static_cast<unsigned>(outcome.effect), outcome.now.value});
  }
  return json::serialize(json::object{{"ordinal", record.ordinal},
                                      {"time", record.time.microseconds},
                                      {"fingerprint", record.fingerprint},
                                      {"epoch", record.receipt.at.epoch},
                                      {"sequence", record.receipt.at.at.value},
                                      {"key", record.key},
                                      {"outcomes", std::move(outcomes)}});
}

result<idempotency_record> decode_idempotency(std::string_view text) {
  return decode(text, [](const json::object& object) {
    idempotency_record record{.ordinal = number(object, "ordinal"),
                              .time = time_of(object),
                              .fingerprint = text_of(object, "fingerprint"),
                              .key = text_of(object, "key")};
    record.receipt.at = {text_of(object, "epoch"), {number(object, "sequence")}};
    for (const auto& pair : object.at("outcomes").as_array()) {
      record.receipt.outcomes.push_back(
          {static_cast<messages::write_effect>(pair.at(0).to_number<std::uint8_t>()),
           {pair.at(1).to_number<std::uint64_t>()}});
    }
    return record;
  });
}

std::string idempotency_age_row(std::uint64_t ordinal) {
  std::array<char, 17> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(ordinal));
  return std::string(idempotency_age_prefix) + digits.data();
}

std::string encode_age(const idempotency_age& age) {
  return json::serialize(json::object{{"row", age.row}, {"time", age.time.microseconds}});
}

result<idempotency_age> decode_age(std::string_view text) {
  return decode(text, [](const json::object& object) {
    return idempotency_age{text_of(object, "row"), time_of(object)};
  });
}

std::string encode_bounds(const idempotency_bounds& bounds) {
  return json::serialize(json::object{{"first", bounds.first}, {"next", bounds.next}});
}

result<idempotency_bounds> decode_bounds(std::string_view text) {
  return decode(text, [](const json::object& object) {
    return idempotency_bounds{number(object, "first"), number(object, "next")};
  });
}

}  // namespace keelson::store
