#include "protocols/client/progress_bar.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <ostream>

namespace keelson::client {

namespace {

constexpr std::size_t bar_width = 30;
constexpr std::chrono::milliseconds redraw_after{100};
constexpr std::string_view erase_line = "\r\x1b[K";

std::string grouped(std::uint64_t number) {
  const auto digits = std::to_string(number);
  std::string text;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at > 0 && (digits.size() - at) % 3 == 0) text += ',';
    text += digits[at];
  }
  return text;
}

std::string time_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::ceil(seconds));
  if (whole < 120) return std::to_string(whole) + " s";
  if (whole < 7200) return std::to_string(whole / 60) + " min";
  return std::to_string(whole / 3600) + " h";
}

}  // namespace

std::string progress_line(progress now, std::string_view unit, std::chrono::duration<double> passed,
                          progress begun) {
  std::string line;
  const double done = std::min(now.fraction, 1.0);
  if (done >= 0) {
    const auto filled = static_cast<std::size_t>(done * static_cast<double>(bar_width));
    line = std::to_string(static_cast<int>(done * 100)) + " % [" + std::string(filled, '#') +
           std::string(bar_width - filled, ' ') + "] ";
  }
  line += grouped(now.items) + ' ' + std::string(unit);
  if (passed.count() <= 0) return line;
  const double rate =
      static_cast<double>(now.items - std::min(begun.items, now.items)) / passed.count();
  line += ", " + grouped(static_cast<std::uint64_t>(rate)) + "/s";
  if (done > begun.fraction && done < 1) {
    const double left = passed.count() * (1 - done) / (done - begun.fraction);
    line += ", " + time_text(left) + " left";
  }
  return line;
}

progress_bar::progress_bar(console& io, std::string_view unit) : io_(io), unit_(unit) {}

progress_bar::~progress_bar() {
  clear();
}

void progress_bar::begin(progress from, clock::time_point now) {
  begun_ = from;
  started_ = now;
}

void progress_bar::show(progress now, clock::time_point at) {
  if (io_.progress == progress_style::none || (visible_ && at - drawn_ < redraw_after)) return;
  io_.err << erase_line << progress_line(now, unit_, at - started_, begun_) << std::flush;
  drawn_ = at;
  visible_ = true;
}

void progress_bar::note(std::string_view line) {
  clear();
  io_.err << line << '\n';
}

void progress_bar::complain(std::string_view why) {
  clear();
  client::complain(io_, why);
}

void progress_bar::clear() {
  if (visible_) io_.err << erase_line << std::flush;
  visible_ = false;
}

}  // namespace keelson::client
