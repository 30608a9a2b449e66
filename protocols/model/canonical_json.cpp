#include "protocols/model/canonical_json.hpp"

#include <limits>

#include <boost/json/basic_parser_impl.hpp>

#include "protocols/model/json_handler.hpp"
#include "protocols/model/number_text.hpp"

namespace keelson {

namespace {

namespace json = boost::json;

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
                               const json_handler& asked) {
  if (ec == json::error::exception) {
    const json_handler::refusal& why = asked.why();
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

using parser = json::basic_parser<json_handler>;

struct outcome {
  std::size_t stopped_at;
  json::error_code code;
};

outcome run(parser& with, std::string_view text, std::size_t max_depth, wide_integer wide) {
  with.reset();
  with.handler().begin(text, max_depth, wide);
  outcome done;
  done.stopped_at = with.write_some(false, text.data(), text.size(), done.code);
  return done;
}

result<std::string> read(std::string_view text, std::size_t max_depth, wide_integer wide) {
  static thread_local parser with{options()};
  std::string shortened;
  outcome done = run(with, text, max_depth, wide);
  if (done.code == json::error::exponent_overflow) {
    shortened = shorten_zero_exponents(text, number_begin(text, done.stopped_at));
    text = shortened;
    done = run(with, text, max_depth, wide);
  }
  json_writer& writer = with.handler().writer();
  result<std::string> canonical;
  if (done.code) {
    canonical = explain(text, done.stopped_at, done.code, with.handler());
  } else if (done.stopped_at != text.size()) {
    canonical = fail_at(errc::invalid_json, done.stopped_at, "something follows the value");
  } else {
    canonical = std::string(writer.view());
  }
  writer.shrink();
  return canonical;
}

}  // namespace

result<std::string> canonicalise(std::string_view text, std::size_t max_depth) {
  return read(text, max_depth, wide_integer::refused);
}

result<std::string> restore_canonical(std::string_view text) {
  return read(text, std::numeric_limits<std::size_t>::max(), wide_integer::number);
}

}  // namespace keelson
