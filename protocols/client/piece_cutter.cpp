#include "protocols/client/piece_cutter.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "protocols/client/json_slice.hpp"
#include "protocols/model/canonical_json.hpp"

namespace keelson::client {

namespace {

constexpr std::string_view body_head = R"({"operations":[)";
constexpr std::string_view body_tail = "]}";

std::string as_json(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

bool is_integer(std::string_view slice) {
  const auto digits = slice.starts_with('-') ? slice.substr(1) : slice;
  return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
}

/// A key from its member: a string as it is, an integer as its decimal text.
std::optional<std::string> key_from(std::string_view slice) {
  if (slice.starts_with('"') && slice.size() > 2) return std::string(slice);
  if (is_integer(slice)) return as_json(slice);
  return std::nullopt;
}

}  // namespace

std::string batch_body(std::span<const put_operation* const> operations) {
  std::size_t bytes = body_head.size() + body_tail.size();
  for (const auto* operation : operations) bytes += operation->text.size() + 1;
  std::string body;
  body.reserve(bytes);
  body += body_head;
  for (const auto* operation : operations) {
    if (body.size() > body_head.size()) body += ',';
    body += operation->text;
  }
  body += body_tail;
  return body;
}

piece_cutter::piece_cutter(line_reader lines, const std::string& collection,
                           const std::string& key_field, piece_limits limits)
    : lines_(std::move(lines)),
      head_(R"({"op":"put","collection":)" + as_json(collection) + R"(,"key":)"),
      whole_line_is_value_(!key_field.empty()),
      limits_(limits) {
  const auto name = as_json(whole_line_is_value_ ? key_field : "key");
  key_member_ = name.substr(1, name.size() - 2);
}

result<void> piece_cutter::skip_to(const file_mark& mark) {
  mark_ = mark;
  return lines_.skip(mark.lines, mark.offset);
}

piece_cutter::cut_line piece_cutter::cut(const text_line& line) const {
  const auto refuse = [&](errc code, std::string detail) {
    return std::unexpected(bad_line{line.number, std::string(to_string(code)), std::move(detail)});
  };
  const std::string longest = "more than " + std::to_string(limits_.bytes) + " bytes";
  if (line.too_long) return refuse(errc::too_large, longest);
  const auto canonical = canonicalise(line.text);
  if (!canonical) return refuse(canonical.error().code, canonical.error().detail);
  const auto key_slice = json_member(*canonical, key_member_);
  if (!key_slice) return refuse(errc::invalid_key, "no member \"" + key_member_ + '"');
  auto key = key_from(*key_slice);
  if (!key)
    return refuse(errc::invalid_key, '"' + key_member_ + "\" is neither text nor an integer");
  const auto value =
      whole_line_is_value_ ? std::string_view(*canonical) : json_member(*canonical, "value");
  if (!value) return refuse(errc::invalid_json, "no member \"value\"");

  std::string text;
  text.reserve(head_.size() + key->size() + value->size() + 10);
  text.append(head_).append(*key).append(R"(,"value":)").append(*value).append("}");
  if (text.size() + body_head.size() + body_tail.size() > limits_.bytes)
    return refuse(errc::too_large, longest);
  return put_operation{line.number, std::move(*key), std::move(text)};
}

void piece_cutter::take(piece& into, cut_line&& line, std::uint64_t number, std::uint64_t end) {
  if (line) {
    body_bytes_ += line->text.size() + 1;
    into.operations.push_back(std::move(*line));
  } else {
    into.bad_lines.push_back(std::move(line.error()));
  }
  mark_.lines = number;
  mark_.offset = end;
}

result<std::optional<piece>> piece_cutter::next() {
  piece cut_piece{.number = mark_.pieces, .operations = {}, .bad_lines = {}, .end = {}};
  body_bytes_ = body_head.size() + body_tail.size();
  if (auto held = std::exchange(held_, std::nullopt))
    take(cut_piece, std::move(held->line), held->number, held->end);
  while (cut_piece.operations.size() + cut_piece.bad_lines.size() < limits_.lines) {
    auto line = lines_.next();
    if (!line) return pass_on(std::move(line));
    if (!*line) break;
    const auto& text = **line;
    if (is_blank(text.text)) continue;
    auto operation = cut(text);
    if (operation && body_bytes_ + operation->text.size() > limits_.bytes) {
      held_ = held_line{std::move(operation), text.number, text.end};
      break;
    }
    take(cut_piece, std::move(operation), text.number, text.end);
  }
  if (cut_piece.operations.empty() && cut_piece.bad_lines.empty()) return std::nullopt;
  ++mark_.pieces;
  cut_piece.end = mark_;
  return cut_piece;
}

}  // namespace keelson::client
