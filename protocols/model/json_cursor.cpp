#include "protocols/model/json_cursor.hpp"

#include <algorithm>

namespace keelson {

void json_cursor::enter_object() noexcept {
  if (!at_object()) {
    static_cast<void>(fail());
    return;
  }
  rest_.remove_prefix(1);
}

std::string_view json_cursor::next_name() noexcept {
  if (rest_.starts_with(',')) rest_.remove_prefix(1);
  if (rest_.starts_with('}')) {
    rest_.remove_prefix(1);
    return {};
  }
  if (!rest_.starts_with('"')) return fail();
  const std::size_t end = string_end(0);
  if (end >= rest_.size() || rest_[end] != ':') return fail();
  const std::string_view name = rest_.substr(1, end - 2);
  rest_.remove_prefix(end + 1);
  return name;
}

json_cursor::value json_cursor::take_value() noexcept {
  std::size_t open = 0;
  std::size_t depth = 0;
  std::size_t at = 0;
  while (at < rest_.size()) {
    const char c = rest_[at];
    if (c == '"') {
      at = string_end(at);
      continue;
    }
    if (c == '[' || c == '{') depth = std::max(depth, ++open);
    if (open == 0 && (c == ',' || c == ']' || c == '}')) break;
    if (c == ']' || c == '}') --open;
    ++at;
  }
  if (at == 0 || at > rest_.size() || open != 0) return {.text = fail()};
  const value taken{rest_.substr(0, at), depth};
  rest_.remove_prefix(at);
  return taken;
}

std::string_view json_cursor::fail() noexcept {
  failed_ = true;
  rest_ = {};
  return {};
}

std::size_t json_cursor::string_end(std::size_t quote) const noexcept {
  std::size_t at = quote + 1;
  while (at < rest_.size()) {
    at = rest_.find_first_of("\"\\", at);
    if (at == rest_.npos) return at;
    if (rest_[at] == '"') return at + 1;
    at += 2;
  }
  return rest_.npos;
}

}  // namespace keelson
