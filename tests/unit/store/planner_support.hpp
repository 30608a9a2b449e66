#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/store/commit_planner.hpp"
#include "protocols/model/canonical_json.hpp"

/// Short ways to write requests in tests.
namespace keelson::test {

inline document_id id(std::string_view key, std::string_view collection = "cities") {
  return {collection_name::trusted(std::string(collection)),
          document_key::trusted(std::string(key))};
}

inline messages::write_operation put(std::string_view key, std::string_view value) {
  messages::write_operation operation{.op = messages::write_op::put, .id = id(key)};
  operation.value = std::string(value);
  operation.value_hash = hash_value(value);
  return operation;
}

inline messages::write_operation patch(std::string_view key, std::string_view value) {
  return {.op = messages::write_op::patch, .id = id(key), .value = std::string(value)};
}

inline messages::write_operation drop(std::string_view key,
                                      messages::unmet if_unmet = messages::unmet::fail) {
  return {.op = messages::write_op::remove, .id = id(key), .if_unmet = if_unmet};
}

inline messages::write_operation check(std::string_view key) {
  return {.op = messages::write_op::check, .id = id(key)};
}

inline messages::write_operation when(messages::write_operation operation,
                                      messages::precondition condition,
                                      std::uint64_t expected = 0) {
  operation.condition = condition;
  operation.expected = {expected};
  return operation;
}

inline messages::write_request request(std::vector<messages::write_operation> operations,
                                       std::string_view idempotency_key = {}) {
  messages::write_request made;
  made.operations = std::move(operations);
  made.idempotency_key = std::string(idempotency_key);
  if (!idempotency_key.empty()) {
    for (const auto& operation : made.operations) {
      made.fingerprint = hash_value(operation.id.key.text() + operation.value);
    }
  }
  return made;
}

}  // namespace keelson::test
