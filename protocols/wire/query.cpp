#include "protocols/wire/query.hpp"

#include <algorithm>

#include "protocols/model/canonical_json.hpp"

namespace keelson::wire {

namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class plus { stands_for_itself, is_a_space };

std::optional<std::string> decode(std::string_view text, plus with) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && with == plus::is_a_space) {
      out.push_back(' ');
    } else if (text[i] != '%') {
      out.push_back(text[i]);
    } else {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return out;
}

std::optional<std::string> decode_parameter(std::string_view text) {
  auto decoded = decode(text, plus::is_a_space);
  if (decoded && !is_clean_utf8(*decoded)) return std::nullopt;
  return decoded;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  return decode(text, plus::stands_for_itself);
}

void append_percent_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(hex[byte >> 4]);
    out.push_back(hex[byte & 15]);
  }
}

result<query> query::parse(std::string_view text) {
  query parsed;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    auto name = decode_parameter(part.substr(0, equals));
    auto value = decode_parameter(part.substr(std::min(part.size(), equals + 1)));
    if (!name || !value) {
      return fail(errc::invalid_parameter,
                  "the query is not well-formed: %XX with two hexadecimal digits, and UTF-8 "
                  "without U+0000, are expected");
    }
    parsed.parameters_.push_back({*std::move(name), *std::move(value)});
  }
  return parsed;
}

const std::string* query::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(parameters_, name, &parameter::name);
  return found == parameters_.end() ? nullptr : &found->value;
}

std::vector<std::string> query::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const parameter& each : parameters_)
    if (each.name == name) values.push_back(each.value);
  return values;
}

}  // namespace keelson::wire
