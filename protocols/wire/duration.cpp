#include "protocols/wire/duration.hpp"

#include <charconv>
#include <string>

namespace keelson::wire {

namespace {

std::unexpected<error> wrong(std::string_view name, std::string expected) {
  return fail(errc::invalid_parameter, std::string(name) + " is " + std::move(expected));
}

}  // namespace

result<std::chrono::milliseconds> parse_duration(std::string_view name, std::string_view text,
                                                 std::chrono::milliseconds most) {
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, count);
  const std::string_view unit(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr));
  const std::uint64_t scale = unit == "ms" ? 1 : unit.empty() || unit == "s" ? 1000 : 0;
  const auto limit = static_cast<std::uint64_t>(most.count());
  if (parsed.ec != std::errc() || scale == 0 || count > limit / scale) {
    return wrong(name, "a time such as 5s, 500ms, or a number of seconds, at most " +
                           std::to_string(limit / 1000) + "s");
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(count * scale));
}

result<std::uint64_t> parse_count(std::string_view name, std::string_view text, std::uint64_t least,
                                  std::uint64_t most) {
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, count);
  if (parsed.ec != std::errc() || parsed.ptr != end || count < least || count > most) {
    return wrong(name, "a number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return count;
}

}  // namespace keelson::wire
