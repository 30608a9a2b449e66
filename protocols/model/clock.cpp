#include "protocols/model/clock.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <limits>
#include <utility>

namespace keelson {

namespace {

std::tm utc_parts(std::int64_t seconds) {
  const std::time_t at = seconds;
  std::tm parts{};
  gmtime_r(&at, &parts);
  return parts;
}

constexpr std::int64_t microseconds_a_second = 1'000'000;

std::int64_t whole_seconds(timestamp time) {
  const auto quotient = time.microseconds / microseconds_a_second;
  return time.microseconds % microseconds_a_second < 0 ? quotient - 1 : quotient;
}

}  // namespace

wall_clock system_wall_clock() {
  return [] {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return timestamp{std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
  };
}

elapsed_time steady_elapsed_time() {
  return [] {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
  };
}

wall_clock ageing_clock(wall_clock wall, elapsed_time elapsed) {
  const std::int64_t made = wall().microseconds - elapsed();
  return [wall = std::move(wall), elapsed = std::move(elapsed), made] {
    return timestamp{std::min(wall().microseconds, made + elapsed())};
  };
}

void append_rfc3339(std::string& out, timestamp time) {
  const auto seconds = whole_seconds(time);
  // Changes come in bursts within one second: its date part is written once.
  thread_local std::int64_t cached_second = std::numeric_limits<std::int64_t>::min();
  thread_local std::array<char, 32> cached{};
  if (seconds != cached_second) {
    const auto parts = utc_parts(seconds);
    std::strftime(cached.data(), cached.size(), "%Y-%m-%dT%H:%M:%S.", &parts);
    cached_second = seconds;
  }
  out += cached.data();
  auto rest = time.microseconds - seconds * microseconds_a_second;
  std::array<char, 7> digits{'0', '0', '0', '0', '0', '0', 'Z'};
  for (std::size_t i = 6; i-- > 0; rest /= 10) digits[i] = static_cast<char>('0' + rest % 10);
  out.append(digits.data(), digits.size());
}

std::string http_date(timestamp time) {
  const auto parts = utc_parts(whole_seconds(time));
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour,
                parts.tm_min, parts.tm_sec);
  return text.data();
}

}  // namespace keelson
