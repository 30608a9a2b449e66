#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "protocols/model/error.hpp"

/// Texts of settings to values and back. Whatever cannot be used fails with invalid_parameter and
/// says what would be right.
namespace keelson::config {

/// Both ends included.
struct bounds {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
};

/// A whole number in decimal digits.
[[nodiscard]] result<std::uint64_t> parse_number(std::string_view text, bounds allowed);

/// Bytes: `64KiB`, `8MiB`, `16GiB`, `1TiB`, or a plain number. Multiples of 1,024 only.
[[nodiscard]] result<std::uint64_t> parse_size(std::string_view text, bounds allowed);
[[nodiscard]] std::string size_text(std::uint64_t bytes);

/// `500ms`, `5s`, `10m`, `24h` or `7d`; the bounds are in milliseconds. A number without a unit is
/// refused.
[[nodiscard]] result<std::chrono::milliseconds> parse_time(std::string_view text, bounds allowed);
[[nodiscard]] std::string time_text(std::chrono::milliseconds time);

/// yes, true, on, and nothing (a flag alone), or no, false, off; in lower case.
[[nodiscard]] result<bool> parse_switch(std::string_view text);

/// `127.0.0.1:8470`, `[::1]:8470`, or `localhost:8470`, which is 127.0.0.1.
[[nodiscard]] result<listen_settings> parse_listen(std::string_view text);
[[nodiscard]] std::string listen_text(const listen_settings& listen);
/// 127.0.0.0/8 and ::1, also when mapped into IPv6.
[[nodiscard]] bool is_loopback(const listen_settings& listen);

/// `https://app.example.org[:port]` without a path, as browsers send it (RFC 6454), lower-cased.
[[nodiscard]] result<std::string> parse_origin(std::string_view text);
/// A host's name or address without scheme and port, lower-cased.
[[nodiscard]] result<std::string> parse_host(std::string_view text);

[[nodiscard]] result<token_scope> parse_token_scope(std::string_view text);
[[nodiscard]] std::string_view to_string(token_scope scope) noexcept;
[[nodiscard]] result<log_level> parse_log_level(std::string_view text);
[[nodiscard]] std::string_view to_string(log_level level) noexcept;
[[nodiscard]] result<store_profile> parse_profile(std::string_view text);
[[nodiscard]] std::string_view to_string(store_profile profile) noexcept;
[[nodiscard]] result<log_format> parse_log_format(std::string_view text);
[[nodiscard]] std::string_view to_string(log_format format) noexcept;

}  // namespace keelson::config
