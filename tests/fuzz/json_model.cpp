#include "tests/fuzz/json_model.hpp"

#include <cstdint>
#include <utility>

namespace keelson::test {

namespace {

/// Recursive descent over RFC 8259; throws the code of the first refusal.
class reader {
 public:
  reader(std::string_view text, std::size_t max_depth) : text_(text), max_depth_(max_depth) {}

  json_node whole() {
    skip_space();
    json_node node = value(0);
    skip_space();
    if (at_ != text_.size()) throw errc::invalid_json;
    return node;
  }

 private:
  int peek() const { return at_ < text_.size() ? static_cast<unsigned char>(text_[at_]) : -1; }

  int next() {
    const int byte = peek();
    if (byte < 0) throw errc::invalid_json;
    ++at_;
    return byte;
  }

  void expect(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) throw errc::invalid_json;
    at_ += word.size();
  }

  bool accept(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  void skip_space() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
  }

  json_node value(std::size_t depth) {
    switch (peek()) {
      case '"':
        return {.is = json_node::kind::string, .text = string()};
      case '[':
        return array(depth + 1);
      case '{':
        return object(depth + 1);
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }

  json_node word(std::string_view which) {
    expect(which);
    return {.text = std::string(which)};
  }

  json_node array(std::size_t depth) {
    if (depth > max_depth_) throw errc::too_large;
    expect("[");
    json_node node{.is = json_node::kind::array};
    skip_space();
    if (accept(']')) return node;
    for (;;) {
      skip_space();
      node.items.push_back(value(depth));
      skip_space();
      if (accept(']')) return node;
      expect(",");
    }
  }

  json_node object(std::size_t depth) {
    if (depth > max_depth_) throw errc::too_large;
    expect("{");
    json_node node{.is = json_node::kind::object};
    skip_space();
    if (accept('}')) return node;
    bool repeated = false;
    for (;;) {
      skip_space();
      std::string name = string();
      skip_space();
      expect(":");
      skip_space();
      repeated |= !node.members.emplace(std::move(name), value(depth)).second;
      skip_space();
      if (accept('}')) break;
      expect(",");
    }
    if (repeated) throw errc::invalid_json;
    return node;
  }

  void digits() {
    if (peek() < '0' || peek() > '9') throw errc::invalid_json;
    while (peek() >= '0' && peek() <= '9') ++at_;
  }

  json_node number() {
    const std::size_t begin = at_;
    accept('-');
    if (!accept('0')) digits();
    if (accept('.')) digits();
    if (accept('e') || accept('E')) {
      if (!accept('+')) accept('-');
      digits();
    }
    auto text = model_number(std::string(text_.substr(begin, at_ - begin)));
    if (!text) throw text.error();
    return {.text = *text};
  }

  std::string string() {
    expect("\"");
    std::string out;
    for (;;) {
      const int byte = next();
      if (byte == '"') return out;
      if (byte < 0x20) throw errc::invalid_json;
      append(out, byte == '\\' ? escape() : character(byte));
    }
  }

  std::uint32_t escape() {
    switch (next()) {
      case '"':
        return '"';
      case '\\':
        return '\\';
      case '/':
        return '/';
      case 'b':
        return 8;
      case 't':
        return 9;
      case 'n':
        return 10;
      case 'f':
        return 12;
      case 'r':
        return 13;
      case 'u':
        break;
      default:
        throw errc::invalid_json;
    }
    const std::uint32_t high = hex();
    if (high < 0xD800 || high > 0xDFFF) return high;
    if (high > 0xDBFF) throw errc::invalid_json;
    expect("\\u");
    const std::uint32_t low = hex();
    if (low < 0xDC00 || low > 0xDFFF) throw errc::invalid_json;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
  }

  std::uint32_t hex() {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) {
      const std::size_t digit =
          std::string_view("0123456789abcdefABCDEF").find(static_cast<char>(next()));
      if (digit == std::string_view::npos) throw errc::invalid_json;
      value = value * 16 + static_cast<std::uint32_t>(digit > 15 ? digit - 6 : digit);
    }
    return value;
  }

  std::uint32_t character(int lead) {
    if (lead < 0x80) return static_cast<std::uint32_t>(lead);
    if (lead < 0xC0 || lead > 0xF7) throw errc::invalid_json;
    const int more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    auto value = static_cast<std::uint32_t>(lead & (0x3F >> more));
    for (int i = 0; i < more; ++i) {
      const int byte = next();
      if ((byte & 0xC0) != 0x80) throw errc::invalid_json;
      value = value << 6 | static_cast<std::uint32_t>(byte & 0x3F);
    }
    constexpr std::uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (value < least[more] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
      throw errc::invalid_json;
    return value;
  }

  static void append(std::string& out, std::uint32_t c) {
    if (c == 0) throw errc::invalid_json;
    const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xC0 | c >> 6);
      put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      put(0xE0 | c >> 12);
      put(0x80 | (c >> 6 & 0x3F));
      put(0x80 | (c & 0x3F));
    } else {
      put(0xF0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3F));
      put(0x80 | (c >> 6 & 0x3F));
      put(0x80 | (c & 0x3F));
    }
  }

  std::string_view text_;
  std::size_t max_depth_;
  std::size_t at_ = 0;
};

}  // namespace

std::expected<json_node, errc> model_read(std::string_view text, std::size_t max_depth) {
  try {
    return reader(text, max_depth).whole();
  } catch (const errc code) {
    return std::unexpected(code);
  }
}

json_node model_merge(json_node target, const json_node& patch) {
  if (patch.is != json_node::kind::object) return patch;
  if (target.is != json_node::kind::object) target = {.is = json_node::kind::object};
  for (const auto& [name, value] : patch.members) {
    if (value.is == json_node::kind::scalar && value.text == "null") {
      target.members.erase(name);
    } else {
      target.members[name] = model_merge(target.members[name], value);
    }
  }
  return target;
}

}  // namespace keelson::test
