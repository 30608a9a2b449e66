#include "protocols/model/canonical_json.hpp"

#include <functional>

#include <boost/json/basic_parser_impl.hpp>

#include "protocols/model/json_escape.hpp"
#include "protocols/model/json_writer.hpp"
#include "protocols/model/number_text.hpp"

namespace keelson {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_quoted = 64;

std::string quoted(std::string_view what) {
  return what.size() <= longest_quoted ? '"' + std::string(what) + '"' : "of many bytes";
}

/// What basic_parser calls. The text is handed to it in one piece, so that a number and a piece of
/// a string without escapes always are a part of it.
class handler {
 public:
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

  void begin(std::string_view text, std::size_t max_depth) noexcept {
    writer_.clear();
    text_ = text;
    max_depth_ = max_depth;
    depth_ = 0;
  }

  [[nodiscard]] json_writer& writer() noexcept { return writer_; }

  /// Why a call returned false. `at` is npos where the parser knows better.
  struct refusal {
    errc code{};
    std::size_t at{};
    std::string what;
  };
  [[nodiscard]] const refusal& why() const noexcept { return why_; }

  bool on_document_begin(json::error_code&) noexcept { return true; }
  bool on_document_end(json::error_code&) noexcept { return true; }

  bool on_array_begin(json::error_code& ec) {
    if (!go_deeper(ec)) return false;
    writer_.begin_array();
    return true;
  }

  bool on_array_end(std::size_t, json::error_code&) {
    --depth_;
    writer_.end_array();
    return true;
  }

  bool on_object_begin(json::error_code& ec) {
    if (!go_deeper(ec)) return false;
    writer_.begin_object();
    return true;
  }

  bool on_object_end(std::size_t, json::error_code& ec) {
    --depth_;
    if (writer_.end_object()) return true;
    return refuse(
        ec, errc::invalid_json, std::string_view::npos,
        "the object that ends here has the name " + quoted(writer_.repeated_name()) + " twice");
  }

  bool on_key_part(json::string_view part, std::size_t total, json::error_code& ec) {
    if (total == part.size()) writer_.begin_name();
    if (!comes_from_text(part)) writer_.note_escape_in_name();
    return append_part(part, ec);
  }

  bool on_key(json::string_view part, std::size_t total, json::error_code& ec) {
    if (!on_key_part(part, total, ec)) return false;
    writer_.end_name();
    return true;
  }

  bool on_string_part(json::string_view part, std::size_t total, json::error_code& ec) {
    if (total == part.size()) writer_.text().push_back('"');
    return append_part(part, ec);
  }

  bool on_string(json::string_view part, std::size_t total, json::error_code& ec) {
    if (!on_string_part(part, total, ec)) return false;
    writer_.text().append("\",");
    return true;
  }

  // Only called before the text ends inside a number, which fails anyway.
  bool on_number_part(json::string_view, json::error_code&) noexcept { return true; }
  bool on_int64(std::int64_t, json::string_view s, json::error_code& ec) { return number(s, ec); }
  bool on_uint64(std::uint64_t, json::string_view s, json::error_code& ec) { return number(s, ec); }
  bool on_double(double, json::string_view s, json::error_code& ec) { return number(s, ec); }

  bool on_bool(bool value, json::error_code&) {
    writer_.text().append(value ? "true," : "false,");
    return true;
  }

  bool on_null(json::error_code&) {
    writer_.text().append("null,");
    return true;
  }

  bool on_comment_part(json::string_view, json::error_code&) noexcept { return true; }
  bool on_comment(json::string_view, json::error_code&) noexcept { return true; }

 private:
  bool refuse(json::error_code& ec, errc code, std::size_t at, std::string what) {
    why_ = {code, at, std::move(what)};
    ec = json::error::exception;
    return false;
  }

  bool go_deeper(json::error_code& ec) {
    if (++depth_ <= max_depth_) return true;
    return refuse(ec, errc::too_large, std::string_view::npos,
                  "nested deeper than " + std::to_string(max_depth_) + " levels");
  }

  /// False for pieces with resolved escapes, which the parser keeps in a buffer of its own.
  [[nodiscard]] bool comes_from_text(json::string_view part) const noexcept {
    const std::less_equal<const char*> not_after;
    return not_after(text_.data(), part.data()) &&
           not_after(part.data() + part.size(), text_.data() + text_.size());
  }

  bool append_part(std::string_view part, json::error_code& ec) {
    if (comes_from_text(part)) {
      writer_.text().append(part);
      return true;
    }
    if (part.find('\0') != part.npos) {
      return refuse(ec, errc::invalid_json, std::string_view::npos,
                    "the string up to here contains U+0000");
    }
    append_escaped(writer_.text(), part);
    return true;
  }

  bool number(std::string_view literal, json::error_code& ec) {
    if (!append_number(writer_.text(), literal)) {
      const auto at = static_cast<std::size_t>(literal.data() - text_.data());
      return refuse(ec, errc::number_out_of_range, at, "a number that is out of range");
    }
    writer_.end_scalar();
    return true;
  }

  json_writer writer_;
  std::string_view text_;
  std::size_t max_depth_ = 0;
  std::size_t depth_ = 0;
  refusal why_;
};

json::parse_options options() {
  json::parse_options strict;
  // The handler counts the depth, since the limit may differ from call to call.
  strict.max_depth = static_cast<std::size_t>(-1);
  return strict;
}

std::unexpected<error> fail_at(errc code, std::size_t at, std::string_view what) {
  return fail(code, "at byte " + std::to_string(at) + ": " + std::string(what));
}

std::string unexpected_byte(std::string_view text, std::size_t at) {
  if (at >= text.size()) return "the text ends inside of a value";
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte >= 0x80) return "not well-formed UTF-8, or a character that has no place here";
  if (byte < 0x20) return "a control character or a line end that has no place here";
  return std::string("unexpected ") + text[at];
}

std::unexpected<error> explain(std::string_view text, std::size_t at, json::error_code ec,
                               const handler& asked) {
  if (ec == json::error::exception) {
    const handler::refusal& why = asked.why();
    return fail_at(why.code, why.at == std::string_view::npos ? at : why.at, why.what);
  }
  if (ec == json::error::incomplete)
    return fail_at(errc::invalid_json, at, "the text ends inside of a value");
  if (ec == json::error::exponent_overflow) {
    return fail_at(errc::number_out_of_range, number_begin(text, at),
                   "a number that is out of range");
  }
  if (ec == json::error::illegal_leading_surrogate || ec == json::error::illegal_trailing_surrogate)
    return fail_at(errc::invalid_json, at, "half of a surrogate pair");
  if (ec == json::error::expected_hex_digit)
    return fail_at(errc::invalid_json, at, "a \\u escape that is not four hexadecimal digits");
  return fail_at(errc::invalid_json, at, unexpected_byte(text, at));
}

using parser = json::basic_parser<handler>;

struct outcome {
  std::size_t stopped_at;
  json::error_code code;
};

outcome run(parser& with, std::string_view text, std::size_t max_depth) {
  with.reset();
  with.handler().begin(text, max_depth);
  outcome done;
  done.stopped_at = with.write_some(false, text.data(), text.size(), done.code);
  return done;
}

}  // namespace

result<std::string> canonicalise(std::string_view text, std::size_t max_depth) {
  static thread_local parser with{options()};
  std::string shortened;
  outcome done = run(with, text, max_depth);
  if (done.code == json::error::exponent_overflow) {
    shortened = shorten_zero_exponents(text, number_begin(text, done.stopped_at));
    text = shortened;
    done = run(with, text, max_depth);
  }
  json_writer& writer = with.handler().writer();
  if (done.code) {
    auto failed = explain(text, done.stopped_at, done.code, with.handler());
    writer.shrink();
    return failed;
  }
  if (done.stopped_at != text.size())
    return fail_at(errc::invalid_json, done.stopped_at, "something follows the value");
  std::string canonical(writer.view());
  writer.shrink();
  return canonical;
}

}  // namespace keelson
