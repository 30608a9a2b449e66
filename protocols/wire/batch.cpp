#include "protocols/wire/batch.hpp"

#include <charconv>

#include "protocols/wire/canonical_slices.hpp"

namespace keelson::wire {

namespace {

using messages::write_op;

/// Levels that the form of a batch adds around a value.
constexpr std::size_t levels_of_batch = 3;

std::unexpected<error> wrong(std::string detail) {
  return fail(errc::invalid_parameter, std::move(detail));
}

/// The members of one operation as they were sent; an absent one is empty.
struct operation_slices {
  slice op, collection, key, value, if_version;
};

result<operation_slices> slices_of(std::string_view text) {
  const auto members = object_members(text);
  if (!members) return wrong("an operation is an object");
  operation_slices found;
  for (const member_slice& each : *members) {
    if (each.name == "op") {
      found.op = each.value;
    } else if (each.name == "collection") {
      found.collection = each.value;
    } else if (each.name == "key") {
      found.key = each.value;
    } else if (each.name == "value") {
      found.value = each.value;
    } else if (each.name == "if_version") {
      found.if_version = each.value;
    } else {
      return wrong("an operation has no member \"" + std::string(each.name) + '"');
    }
  }
  return found;
}

result<write_op> parse_op(std::string_view text) {
  if (text == "\"put\"") return write_op::put;
  if (text == "\"patch\"") return write_op::patch;
  if (text == "\"delete\"") return write_op::remove;
  if (text == "\"check\"") return write_op::check;
  return wrong("\"op\" is put, patch, delete or check");
}

result<document_id> parse_id(std::string_view collection, std::string_view key,
                             const content_limits& limits) {
  const auto collection_text = string_value(collection);
  const auto key_text = string_value(key);
  if (!collection_text || !key_text)
    return wrong("an operation has the strings \"collection\" and \"key\"");
  auto name = collection_name::parse(*collection_text);
  if (!name) return pass_on(std::move(name));
  auto parsed_key = document_key::parse(*key_text, limits.key);
  if (!parsed_key) return pass_on(std::move(parsed_key));
  return document_id{*std::move(name), *std::move(parsed_key)};
}

result<void> add_condition(messages::write_operation& operation, std::string_view if_version) {
  if (if_version.empty()) {
    if (operation.op == write_op::check) return wrong("a check has \"if_version\"");
    return {};
  }
  const char* const end = if_version.data() + if_version.size();
  const auto parsed = std::from_chars(if_version.data(), end, operation.expected.value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return wrong("\"if_version\" is a version");
  operation.condition = operation.expected == version{} ? messages::precondition::missing
                                                        : messages::precondition::version_is;
  return {};
}

result<void> add_value(messages::write_operation& operation, const slice& value,
                       const content_limits& limits) {
  const bool wanted = operation.op == write_op::put || operation.op == write_op::patch;
  if (wanted == value.text.empty()) {
    return wrong(wanted ? "a put or patch has \"value\"" : "a delete or check has no \"value\"");
  }
  if (value.text.size() > limits.value) {
    return fail(errc::too_large, "a value has at most " + std::to_string(limits.value) + " bytes");
  }
  operation.value = value.text;
  if (operation.op == write_op::put) operation.value_hash = hash_value(value.text);
  return {};
}

result<messages::write_operation> parse_operation(std::string_view text,
                                                  const content_limits& limits) {
  auto found = slices_of(text);
  if (!found) return pass_on(std::move(found));
  auto op = parse_op(found->op.text);
  if (!op) return pass_on(std::move(op));
  auto id = parse_id(found->collection.text, found->key.text, limits);
  if (!id) return pass_on(std::move(id));
  messages::write_operation operation{.op = *op, .id = *std::move(id)};
  // Deleting a missing key is no change in a batch; a version asked for still counts.
  if (*op == write_op::remove && found->if_version.text.empty())
    operation.if_unmet = messages::unmet::skip;
  if (auto added = add_condition(operation, found->if_version.text); !added)
    return pass_on(std::move(added));
  if (auto added = add_value(operation, found->value, limits); !added)
    return pass_on(std::move(added));
  return operation;
}

result<std::string> canonical_body(std::string_view body, const content_limits& limits) {
  return canonicalise(body, limits.json_depth + levels_of_batch);
}

std::unexpected<error> too_many(const content_limits& limits, std::string_view what) {
  return fail(errc::too_large,
              "at most " + std::to_string(limits.operations) + ' ' + std::string(what));
}

}  // namespace

result<batch_body> parse_batch(std::string_view body, const content_limits& limits) {
  auto canonical = canonical_body(body, limits);
  if (!canonical) return pass_on(std::move(canonical));
  const auto members = object_members(*canonical);
  if (!members || members->size() != 1 || members->front().name != "operations")
    return wrong("a batch is an object with the one member \"operations\"");
  const auto elements = array_elements(members->front().value.text);
  if (!elements || elements->empty()) return wrong("\"operations\" is a list, and not empty");
  if (elements->size() > limits.operations) return too_many(limits, "operations");
  batch_body parsed;
  parsed.operations.reserve(elements->size());
  for (const slice& each : *elements) {
    auto operation = parse_operation(each.text, limits);
    if (!operation) {
      operation.error().index = static_cast<std::int64_t>(parsed.operations.size());
      return pass_on(std::move(operation));
    }
    parsed.operations.push_back(*std::move(operation));
  }
  parsed.canonical = *std::move(canonical);
  return parsed;
}

result<messages::get_many_request> parse_get_many(std::string_view body,
                                                  const content_limits& limits) {
  const auto canonical = canonical_body(body, limits);
  if (!canonical) return std::unexpected(canonical.error());
  const auto members = object_members(*canonical);
  if (!members || members->size() != 2 || members->front().name != "collection" ||
      members->back().name != "keys") {
    return wrong("the body is an object with \"collection\" and \"keys\"");
  }
  const auto name_text = string_value(members->front().value.text);
  const auto elements = array_elements(members->back().value.text);
  if (!name_text || !elements) return wrong("\"collection\" is a string and \"keys\" a list");
  if (elements->size() > limits.operations) return too_many(limits, "keys");
  auto name = collection_name::parse(*name_text);
  if (!name) return pass_on(std::move(name));
  messages::get_many_request parsed{.collection = *std::move(name)};
  for (const slice& each : *elements) {
    const auto text = string_value(each.text);
    if (!text) return wrong("\"keys\" is a list of strings");
    auto key = document_key::parse(*text, limits.key);
    if (!key) {
      key.error().index = static_cast<std::int64_t>(parsed.keys.size());
      return pass_on(std::move(key));
    }
    parsed.keys.push_back(*std::move(key));
  }
  return parsed;
}

}  // namespace keelson::wire
