#include "protocols/client/json_slice.hpp"

#include <algorithm>

#include <boost/json/parse.hpp>

namespace keelson::client {

namespace {

/// Walks over one JSON text. Every step stops at the end of the text.
class scanner {
 public:
  explicit scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] bool take(char wanted) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  [[nodiscard]] std::string_view value() {
    skip_space();
    const std::size_t begin = at_;
    if (at_ == text_.size()) return {};
    switch (text_[at_]) {
      case '"':
        skip_string();
        break;
      case '{':
      case '[':
        skip_nested();
        break;
      default:
        at_ = std::min(text_.find_first_of(",:]} \t\r\n", at_), text_.size());
    }
    return text_.substr(begin, at_ - begin);
  }

 private:
  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  void skip_string() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '"') {
        ++at_;
        return;
      }
    }
    at_ = text_.size();
  }

  void skip_nested() {
    std::size_t depth = 0;
    while ((at_ = text_.find_first_of("\"{}[]", at_)) != std::string_view::npos) {
      const char found = text_[at_];
      if (found == '"') {
        skip_string();
        continue;
      }
      ++at_;
      if (found == '{' || found == '[') {
        ++depth;
      } else if (--depth == 0) {
        return;
      }
    }
    at_ = text_.size();
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::string_view> json_member(std::string_view object, std::string_view name) {
  scanner scan(object);
  if (!scan.take('{')) return std::nullopt;
  do {
    const auto quoted = scan.value();
    if (quoted.size() < 2 || !scan.take(':')) return std::nullopt;
    const auto value = scan.value();
    if (quoted.substr(1, quoted.size() - 2) == name && !value.empty()) return value;
  } while (scan.take(','));
  return std::nullopt;
}

std::optional<std::vector<std::string_view>> json_elements(std::string_view array) {
  scanner scan(array);
  if (!scan.take('[')) return std::nullopt;
  std::vector<std::string_view> elements;
  if (scan.take(']')) return elements;
  do {
    elements.push_back(scan.value());
  } while (scan.take(','));
  return scan.take(']') ? std::optional(std::move(elements)) : std::nullopt;
}

std::vector<std::string_view> json_elements_of(std::string_view object, std::string_view name) {
  const auto array = json_member(object, name);
  return (array ? json_elements(*array) : std::nullopt).value_or(std::vector<std::string_view>());
}

std::vector<std::string> json_names(std::string_view object) {
  std::vector<std::string> names;
  scanner scan(object);
  if (!scan.take('{')) return names;
  do {
    const auto quoted = scan.value();
    if (quoted.size() < 2 || !scan.take(':')) break;
    names.emplace_back(quoted.substr(1, quoted.size() - 2));
    static_cast<void>(scan.value());
  } while (scan.take(','));
  return names;
}

std::optional<std::string> json_string(std::string_view slice) {
  boost::system::error_code failed;
  const auto parsed = boost::json::parse(slice, failed);
  if (failed || !parsed.is_string()) return std::nullopt;
  return std::string(parsed.get_string());
}

std::string json_string_member(std::string_view object, std::string_view name) {
  const auto slice = json_member(object, name);
  return slice ? json_string(*slice).value_or(std::string()) : std::string();
}

}  // namespace keelson::client
