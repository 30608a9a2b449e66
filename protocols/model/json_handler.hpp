#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <boost/json/error.hpp>
#include <boost/json/string_view.hpp>

#include "protocols/model/error.hpp"
#include "protocols/model/json_escape.hpp"
#include "protocols/model/json_writer.hpp"
#include "protocols/model/number_text.hpp"

namespace keelson {

/// What basic_parser calls. The text is handed to it in one piece, so that a number and a piece of
/// a string without escapes always are a part of it.
class json_handler {
 public:
  using error_code = boost::json::error_code;
  using string_view = boost::json::string_view;

  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

  void begin(std::string_view text, std::size_t max_depth, wide_integer wide) noexcept {
    writer_.clear();
    text_ = text;
    max_depth_ = max_depth;
    wide_ = wide;
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

  bool on_document_begin(error_code&) noexcept { return true; }
  bool on_document_end(error_code&) noexcept { return true; }

  bool on_array_begin(error_code& ec) {
    if (!go_deeper(ec)) return false;
    writer_.begin_array();
    return true;
  }

  bool on_array_end(std::size_t, error_code&) {
    --depth_;
    writer_.end_array();
    return true;
  }

  bool on_object_begin(error_code& ec) {
    if (!go_deeper(ec)) return false;
    writer_.begin_object();
    return true;
  }

  bool on_object_end(std::size_t, error_code& ec) {
    --depth_;
    if (writer_.end_object()) return true;
    return refuse(
        ec, errc::invalid_json, std::string_view::npos,
        "the object that ends here has the name " + quoted(writer_.repeated_name()) + " twice");
  }

  bool on_key_part(string_view part, std::size_t total, error_code& ec) {
    if (total == part.size()) writer_.begin_name();
    if (!comes_from_text(part)) writer_.note_escape_in_name();
    return append_part(part, ec);
  }

  bool on_key(string_view part, std::size_t total, error_code& ec) {
    if (!on_key_part(part, total, ec)) return false;
    writer_.end_name();
    return true;
  }

  bool on_string_part(string_view part, std::size_t total, error_code& ec) {
    if (total == part.size()) writer_.text().push_back('"');
    return append_part(part, ec);
  }

  bool on_string(string_view part, std::size_t total, error_code& ec) {
    if (!on_string_part(part, total, ec)) return false;
    writer_.text().append("\",");
    return true;
  }

  // Only called before the text ends inside a number, which fails anyway.
  bool on_number_part(string_view, error_code&) noexcept { return true; }
  bool on_int64(std::int64_t, string_view s, error_code& ec) { return number(s, ec); }
  bool on_uint64(std::uint64_t, string_view s, error_code& ec) { return number(s, ec); }
  bool on_double(double, string_view s, error_code& ec) { return number(s, ec); }

  bool on_bool(bool value, error_code&) {
    writer_.text().append(value ? "true," : "false,");
    return true;
  }

  bool on_null(error_code&) {
    writer_.text().append("null,");
    return true;
  }

  bool on_comment_part(string_view, error_code&) noexcept { return true; }
  bool on_comment(string_view, error_code&) noexcept { return true; }

 private:
  static std::string quoted(std::string_view name) {
    constexpr std::size_t longest = 64;
    return name.size() <= longest ? '"' + std::string(name) + '"' : "of many bytes";
  }

  bool refuse(error_code& ec, errc code, std::size_t at, std::string what) {
    why_ = {code, at, std::move(what)};
    ec = boost::json::error::exception;
    return false;
  }

  bool go_deeper(error_code& ec) {
    if (++depth_ <= max_depth_) return true;
    return refuse(ec, errc::too_large, std::string_view::npos,
                  "nested deeper than " + std::to_string(max_depth_) + " levels");
  }

  /// False for pieces with resolved escapes, which the parser keeps in a buffer of its own.
  [[nodiscard]] bool comes_from_text(string_view part) const noexcept {
    const std::less_equal<const char*> not_after;
    return not_after(text_.data(), part.data()) &&
           not_after(part.data() + part.size(), text_.data() + text_.size());
  }

  bool append_part(std::string_view part, error_code& ec) {
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

  bool number(std::string_view literal, error_code& ec) {
    if (!append_number(writer_.text(), literal, wide_)) {
      const auto at = static_cast<std::size_t>(literal.data() - text_.data());
      return refuse(ec, errc::number_out_of_range, at, "a number that is out of range");
    }
    writer_.end_scalar();
    return true;
  }

  json_writer writer_;
  std::string_view text_;
  std::size_t max_depth_ = 0;
  wide_integer wide_ = wide_integer::refused;
  std::size_t depth_ = 0;
  refusal why_;
};

}  // namespace keelson
