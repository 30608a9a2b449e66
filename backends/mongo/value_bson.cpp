#include "backends/mongo/value_bson.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <deque>
#include <utility>

#include <boost/json/basic_parser_impl.hpp>

#include "protocols/model/canonical_json.hpp"
#include "protocols/model/json_escape.hpp"

namespace keelson::backends::mongo {

namespace {

namespace json = boost::json;

constexpr std::string_view full_dollar = "\uFF04";
constexpr std::string_view full_stop = "\uFF0E";
constexpr std::string_view full_backslash = "\uFF3C";
/// A server may hold what is deeper than what it takes.
constexpr std::size_t deepest_read = 400;

bool is_escape(std::string_view at) {
  return at.starts_with(full_dollar) || at.starts_with(full_stop) || at.starts_with(full_backslash);
}

/// What basic_parser calls for a canonical text that is handed to it in one piece.
class bson_builder {
 public:
  using error_code = json::error_code;
  using string_view = json::string_view;
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

  bson_builder(bson_t& out, std::string_view name) : out_(&out), name_(name) {}
  ~bson_builder() {
    while (!levels_.empty()) close();  // what was given up half-way
  }
  bson_builder(const bson_builder&) = delete;
  bson_builder& operator=(const bson_builder&) = delete;

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code& ec) { return open(false, ec); }
  bool on_array_begin(error_code& ec) { return open(true, ec); }
  bool on_object_end(std::size_t, error_code&) { return close(); }
  bool on_array_end(std::size_t, error_code&) { return close(); }

  bool on_key_part(string_view part, std::size_t, error_code&) {
    text_.append(part);
    return true;
  }
  bool on_key(string_view part, std::size_t, error_code&) {
    text_.append(part);
    name_ = escaped_name(text_);
    text_.clear();
    return true;
  }
  bool on_string_part(string_view part, std::size_t, error_code&) {
    text_.append(part);
    return true;
  }
  bool on_string(string_view part, std::size_t, error_code&) {
    text_.append(part);
    const auto name = next_name();
    bson_append_utf8(parent(), name.data(), size(name), text_.data(), size(text_));
    text_.clear();
    return true;
  }
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t value, string_view, error_code&) {
    const auto name = next_name();
    bson_append_int64(parent(), name.data(), size(name), value);
    return true;
  }
  bool on_uint64(std::uint64_t value, string_view, error_code&) {
    const auto name = next_name();
    bson_decimal128_t decimal;
    bson_decimal128_from_string(std::to_string(value).c_str(), &decimal);
    bson_append_decimal128(parent(), name.data(), size(name), &decimal);
    return true;
  }
  /// The parser's own double may be off by a bit.
  bool on_double(double, string_view literal, error_code&) {
    double value = 0;
    std::from_chars(literal.data(), literal.data() + literal.size(), value);
    const auto name = next_name();
    bson_append_double(parent(), name.data(), size(name), value);
    return true;
  }
  bool on_bool(bool value, error_code&) {
    const auto name = next_name();
    bson_append_bool(parent(), name.data(), size(name), value);
    return true;
  }
  bool on_null(error_code&) {
    const auto name = next_name();
    bson_append_null(parent(), name.data(), size(name));
    return true;
  }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  struct level {
    bson_t child;
    bool is_array;
    std::uint32_t next = 0;
  };

  static int size(std::string_view text) { return static_cast<int>(text.size()); }

  bson_t* parent() { return levels_.empty() ? out_ : &levels_.back().child; }

  std::string next_name() {
    if (levels_.empty() || !levels_.back().is_array) return std::move(name_);
    return std::to_string(levels_.back().next++);
  }

  bool open(bool is_array, error_code& ec) {
    if (levels_.size() >= deepest_value) {
      ec = json::error::too_deep;
      return false;
    }
    const auto name = next_name();
    bson_t* const above = parent();
    auto& below = levels_.emplace_back();  // a deque: addresses stay
    below.is_array = is_array;
    if (is_array) {
      bson_append_array_begin(above, name.data(), size(name), &below.child);
    } else {
      bson_append_document_begin(above, name.data(), size(name), &below.child);
    }
    return true;
  }

  bool close() {
    bson_t* const above = levels_.size() > 1 ? &levels_[levels_.size() - 2].child : out_;
    if (levels_.back().is_array) {
      bson_append_array_end(above, &levels_.back().child);
    } else {
      bson_append_document_end(above, &levels_.back().child);
    }
    levels_.pop_back();
    return true;
  }

  bson_t* out_;
  std::deque<level> levels_;
  std::string name_;
  std::string text_;
};

json::parse_options any_depth() {
  json::parse_options options;
  options.max_depth = static_cast<std::size_t>(-1);
  return options;
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

template <class... Format>
void append_number(std::string& out, auto value, Format... format) {
  std::array<char, 40> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, format...);
  out.append(digits.data(), end.ptr);
}

/// As MongoDB's extended JSON.
void append_extended(std::string& out, const bson_iter_t& member) {
  bson_t alone;
  bson_init(&alone);
  bson_append_iter(&alone, "v", 1, &member);
  std::size_t length = 0;
  char* const text = bson_as_canonical_extended_json(&alone, &length);
  bson_destroy(&alone);
  std::string_view found(text, length);  // { "v" : VALUE }
  found.remove_prefix(found.find(':') + 1);
  found.remove_suffix(found.size() - found.rfind('}'));
  out.append(found);
  bson_free(text);
}

void append_decimal(std::string& out, const bson_iter_t& member) {
  bson_decimal128_t decimal;
  bson_iter_decimal128(&member, &decimal);
  std::array<char, BSON_DECIMAL128_STRING> text;
  bson_decimal128_to_string(&decimal, text.data());
  std::uint64_t value = 0;
  const std::string_view digits(text.data());
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (wrong == std::errc() && *end == '\0') {
    out.append(digits);
  } else {
    append_extended(out, member);
  }
}

void append_json(std::string& out, const bson_iter_t& member, std::size_t depth);

/// The members of an object, or the items of an array.
void append_members(std::string& out, const bson_iter_t& of, bool is_array, std::size_t depth) {
  out += is_array ? '[' : '{';
  bson_iter_t at;
  bool first = true;
  if (bson_iter_recurse(&of, &at)) {
    while (bson_iter_next(&at)) {
      if (!std::exchange(first, false)) out += ',';
      if (!is_array) {
        append_string(out, plain_name({bson_iter_key(&at), bson_iter_key_len(&at)}));
        out += ':';
      }
      append_json(out, at, depth + 1);
    }
  }
  out += is_array ? ']' : '}';
}

void append_json(std::string& out, const bson_iter_t& member, std::size_t depth) {
  switch (bson_iter_type(&member)) {
    case BSON_TYPE_UTF8: {
      std::uint32_t length = 0;
      const char* const text = bson_iter_utf8(&member, &length);
      return append_string(out, {text, length});
    }
    case BSON_TYPE_INT32:
    case BSON_TYPE_INT64:
      return append_number(out, bson_iter_as_int64(&member));
    case BSON_TYPE_DOUBLE:
      if (!std::isfinite(bson_iter_double(&member))) return append_extended(out, member);
      // With its exponent, or it would be taken for an integer.
      return append_number(out, bson_iter_double(&member), std::chars_format::scientific);
    case BSON_TYPE_DECIMAL128:
      return append_decimal(out, member);
    case BSON_TYPE_BOOL:
      out += bson_iter_bool(&member) ? "true" : "false";
      return;
    case BSON_TYPE_NULL:
      out += "null";
      return;
    case BSON_TYPE_DOCUMENT:
    case BSON_TYPE_ARRAY:
      if (depth > deepest_read) return append_extended(out, member);
      return append_members(out, member, bson_iter_type(&member) == BSON_TYPE_ARRAY, depth);
    default:
      return append_extended(out, member);
  }
}

}  // namespace

std::string escaped_name(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (i == 0 && name[i] == '$') {
      out += full_dollar;
    } else if (name[i] == '.') {
      out += full_stop;
    } else {
      if (is_escape(name.substr(i))) out += full_backslash;
      out += name[i];
    }
  }
  return out;
}

std::string plain_name(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  while (!name.empty()) {
    if (name.starts_with(full_backslash) && is_escape(name.substr(full_backslash.size()))) {
      out += name.substr(full_backslash.size(), full_backslash.size());
      name.remove_prefix(2 * full_backslash.size());
    } else if (name.starts_with(full_dollar) || name.starts_with(full_stop)) {
      out += name.starts_with(full_dollar) ? '$' : '.';
      name.remove_prefix(full_stop.size());
    } else {
      out += name.front();
      name.remove_prefix(1);
    }
  }
  return out;
}

bool append_value(bson_t& out, std::string_view name, std::string_view canonical) {
  json::basic_parser<bson_builder> parser(any_depth(), out, name);
  json::error_code failed;
  const auto read = parser.write_some(false, canonical.data(), canonical.size(), failed);
  return !failed && read == canonical.size();
}

std::string value_text(const bson_iter_t& member) {
  std::string text;
  append_json(text, member, 0);
  auto canonical = canonicalise(text, deepest_read + 1);
  return canonical ? *std::move(canonical) : text;
}

}  // namespace keelson::backends::mongo
