#include "protocols/wire/bulk_line.hpp"

#include <algorithm>

#include "protocols/wire/canonical_slices.hpp"
#include "protocols/wire/json_text.hpp"
#include "protocols/wire/status_code.hpp"

namespace keelson::wire {

namespace {

struct line_parts {
  std::string key;
  std::string_view value;
};

result<line_parts> key_and_value(std::string_view canonical) {
  const auto members = object_members(canonical);
  if (!members || members->size() != 2 || members->front().name != "key" ||
      members->back().name != "value") {
    return fail(errc::invalid_parameter, "a line is an object with \"key\" and \"value\"");
  }
  auto key = string_value(members->front().value.text);
  if (!key) return fail(errc::invalid_key, "\"key\" is a string");
  return line_parts{*std::move(key), members->back().value.text};
}

bool is_integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

result<line_parts> whole_line(std::string_view canonical, std::string_view key_field) {
  const auto members = object_members(canonical);
  if (!members) return fail(errc::invalid_parameter, "a line is an object");
  const auto found = std::ranges::find(*members, key_field, &member_slice::name);
  if (found == members->end())
    return fail(errc::invalid_key, "the line has no \"" + std::string(key_field) + '"');
  const std::string_view text = found->value.text;
  if (auto key = string_value(text)) return line_parts{*std::move(key), canonical};
  if (is_integer(text)) return line_parts{std::string(text), canonical};
  return fail(errc::invalid_key,
              '"' + std::string(key_field) + "\" is neither a string nor an integer");
}

std::string escaped_name(std::string_view name) {
  std::string text;
  append_json_string(text, name);
  return text.substr(1, text.size() - 2);
}

}  // namespace

result<messages::write_operation> parse_bulk_line(std::string_view line, const bulk_form& form,
                                                  const content_limits& limits) {
  auto canonical = canonicalise(line, limits.json_depth + 1);
  if (!canonical) return pass_on(std::move(canonical));
  auto parts = form.key_field.empty() ? key_and_value(*canonical)
                                      : whole_line(*canonical, escaped_name(form.key_field));
  if (!parts) return pass_on(std::move(parts));
  if (parts->value.size() > limits.value) {
    return fail(errc::too_large, "a value has at most " + std::to_string(limits.value) + " bytes");
  }
  auto key = document_key::parse(parts->key, limits.key);
  if (!key) return pass_on(std::move(key));
  messages::write_operation operation{.op = messages::write_op::put,
                                      .id = {form.collection, *std::move(key)},
                                      .value = std::string(parts->value),
                                      .value_hash = hash_value(parts->value),
                                      .if_unmet = form.if_present};
  if (form.if_present == messages::unmet::skip)
    operation.condition = messages::precondition::missing;
  return operation;
}

std::string bulk_result_text(const bulk_result& result) {
  json_object out;
  out.number("written", result.written);
  out.number("skipped", result.skipped);
  out.number("failed_total", result.failed_total);
  out.array("failed", result.failed, [](std::string& to, const bulk_failure& failure) {
    json_object one;
    one.number("line", failure.line);
    one.text("code", to_string(shown_code(failure.code)));
    one.text("detail", is_clean_utf8(failure.detail) ? failure.detail : std::string());
    to.append(std::move(one).finish());
  });
  if (result.at.epoch.empty()) {
    out.raw("position", "null");
  } else {
    out.text("position", result.at.text());
  }
  return std::move(out).finish();
}

}  // namespace keelson::wire
