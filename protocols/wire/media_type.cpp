#include "protocols/wire/media_type.hpp"

#include <algorithm>

namespace keelson::wire {

namespace {

constexpr std::string_view white = " \t";

std::string_view trim(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(white), text.size()));
  return text.substr(0, text.find_last_not_of(white) + 1);
}

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool has_weight_zero(std::string_view parameters) noexcept {
  while (!parameters.empty()) {
    parameters.remove_prefix(1);
    const std::string_view one = trim(parameters.substr(0, parameters.find(';')));
    if (one.starts_with("q=0") && one.find_first_not_of(".0", 2) == one.npos) return true;
    parameters.remove_prefix(std::min(parameters.find(';'), parameters.size()));
  }
  return false;
}

}  // namespace

bool is_media_type(std::string_view content_type, std::string_view wanted) noexcept {
  return same(trim(content_type.substr(0, content_type.find(';'))), wanted);
}

bool accepts_explicitly(std::string_view accept, std::string_view wanted) noexcept {
  while (!accept.empty()) {
    const std::string_view one = accept.substr(0, accept.find(','));
    accept.remove_prefix(std::min(accept.size(), one.size() + 1));
    const std::string_view parameters = one.substr(std::min(one.find(';'), one.size()));
    if (is_media_type(one, wanted) && !has_weight_zero(parameters)) return true;
  }
  return false;
}

}  // namespace keelson::wire
