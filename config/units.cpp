#include "config/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace keelson::config {

namespace {

struct unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::array<unit, 5> sizes{
    {{"TiB", 1ULL << 40}, {"GiB", 1ULL << 30}, {"MiB", 1ULL << 20}, {"KiB", 1ULL << 10}, {"", 1}}};
constexpr std::array<unit, 5> times{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};
constexpr std::array<unit, 1> plain{{{"", 1}}};

std::unexpected<error> wrong(std::string_view text, std::string_view why) {
  std::string detail = "'";
  detail.append(text).append("' ").append(why);
  return fail(errc::invalid_parameter, std::move(detail));
}

/// With the largest unit that leaves a whole number.
std::string shown(std::uint64_t value, std::span<const unit> units) {
  if (value == 0) return "0" + std::string(units.back().name);
  const auto fits =
      std::ranges::find_if(units, [value](const unit& each) { return value % each.factor == 0; });
  return std::to_string(value / fits->factor).append(fits->name);
}

result<std::uint64_t> measured(std::string_view text, std::span<const unit> units, bounds allowed,
                               std::string_view expected) {
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [behind, failure] = std::from_chars(text.data(), end, count);
  const std::string_view name(behind, static_cast<std::size_t>(end - behind));
  const auto found = std::ranges::find(units, name, &unit::name);
  if (failure == std::errc::invalid_argument || found == units.end()) return wrong(text, expected);
  if (failure != std::errc() || count > allowed.most / found->factor ||
      count * found->factor < allowed.least) {
    return wrong(
        text, "is not from " + shown(allowed.least, units) + " to " + shown(allowed.most, units));
  }
  return count * found->factor;
}

template <class Word, std::size_t Count>
result<Word> parse_word(std::string_view text, const std::array<Word, Count>& words) {
  std::string known;
  for (const Word word : words) {
    if (text == to_string(word)) return word;
    known.append(known.empty() ? "" : ", ").append(to_string(word));
  }
  return wrong(text, "is none of " + known);
}

}  // namespace

result<std::uint64_t> parse_number(std::string_view text, bounds allowed) {
  return measured(text, plain, allowed, "is not a whole number");
}

result<std::uint64_t> parse_size(std::string_view text, bounds allowed) {
  return measured(text, sizes, allowed, "is not a size such as 64KiB, 8MiB or plain bytes");
}

std::string size_text(std::uint64_t bytes) {
  return shown(bytes, sizes);
}

result<std::chrono::milliseconds> parse_time(std::string_view text, bounds allowed) {
  auto read = measured(text, times, allowed, "is not a time such as 500ms, 5s, 10m, 24h or 7d");
  if (!read) return pass_on(std::move(read));
  return std::chrono::milliseconds(static_cast<std::int64_t>(*read));
}

std::string time_text(std::chrono::milliseconds time) {
  return shown(static_cast<std::uint64_t>(time.count()), times);
}

result<bool> parse_switch(std::string_view text) {
  constexpr std::array<std::string_view, 4> on{"yes", "true", "on", ""};
  constexpr std::array<std::string_view, 3> off{"no", "false", "off"};
  if (std::ranges::find(on, text) != on.end()) return true;
  if (std::ranges::find(off, text) != off.end()) return false;
  return wrong(text, "is neither yes nor no");
}

result<token_scope> parse_token_scope(std::string_view text) {
  return parse_word(text, std::array{token_scope::read, token_scope::write, token_scope::admin});
}

std::string_view to_string(token_scope scope) noexcept {
  switch (scope) {
    case token_scope::read:
      return "read";
    case token_scope::write:
      return "write";
    case token_scope::admin:
      break;
  }
  return "admin";
}

result<log_level> parse_log_level(std::string_view text) {
  return parse_word(
      text, std::array{log_level::debug, log_level::info, log_level::warning, log_level::error});
}

std::string_view to_string(log_level level) noexcept {
  switch (level) {
    case log_level::debug:
      return "debug";
    case log_level::info:
      return "info";
    case log_level::warning:
      return "warning";
    case log_level::error:
      return "error";
  }
  return "info";
}

result<store_profile> parse_profile(std::string_view text) {
  return parse_word(text,
                    std::array{store_profile::none, store_profile::local, store_profile::remote,
                               store_profile::hybrid, store_profile::automatic});
}

std::string_view to_string(store_profile profile) noexcept {
  switch (profile) {
    case store_profile::none:
      return "none";
    case store_profile::local:
      return "local";
    case store_profile::remote:
      return "remote";
    case store_profile::hybrid:
      return "hybrid";
    case store_profile::automatic:
      return "auto";
  }
  return "none";
}

result<log_format> parse_log_format(std::string_view text) {
  return parse_word(text, std::array{log_format::text, log_format::json});
}

std::string_view to_string(log_format format) noexcept {
  return format == log_format::json ? "json" : "text";
}

}  // namespace keelson::config
