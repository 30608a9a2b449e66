#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "protocols/model/error.hpp"

namespace keelson::client {

struct http_response;
enum class exit_status : int;

enum class progress_style { none, bar };

/// Whether a stream shows colours.
enum class palette { plain, colours };

/// What a word tells, and so its colour: green, yellow, red.
enum class tone { good, passing, bad };

/// Where a command reads and writes. `progress` says whether `err` is a terminal.
struct console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  progress_style progress = progress_style::none;
  palette out_palette = palette::plain;
  palette err_palette = palette::plain;
};

[[nodiscard]] std::string painted(palette with, tone of, std::string_view text);

/// Of the state of a store or a comparison.
[[nodiscard]] tone tone_of_state(std::string_view state) noexcept;

/// `keelson: WHY`, of what has failed.
void complain(std::ostream& err, palette with, std::string_view why);
void complain(console& io, std::string_view why);

/// Reports an option that cannot be used.
[[nodiscard]] exit_status report_usage(console& io, const error& why);

/// Reports that the service could not be reached.
[[nodiscard]] exit_status report_unreachable(console& io, std::string_view url, const error& why);

/// Reports an answer that refuses, in the words of its problem document if it carries one.
[[nodiscard]] exit_status report_refusal(console& io, const http_response& answer);

/// `refused` when standard output no longer takes what is written, else `status`.
[[nodiscard]] exit_status written(console& io, exit_status status);

/// A key or name as a column: as it is, or as a JSON string where it would break the columns.
[[nodiscard]] std::string column(std::string_view text);

/// The member `name` of a JSON object as a column: text without its quotes, anything else as it
/// stands, `-` for null or when it is missing.
[[nodiscard]] std::string member_column(std::string_view object, std::string_view name);

}  // namespace keelson::client
