#include "protocols/model/position.hpp"

#include <algorithm>
#include <charconv>

namespace keelson {

namespace {

constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::size_t epoch_length = 8;

}  // namespace

result<position> position::parse(std::string_view text) {
  const auto bad = [] {
    return fail(errc::invalid_position,
                "a position is the opaque text that the service gave, such as 'k7f3q2m9:43'");
  };
  const auto colon = text.find(':');
  if (colon != epoch_length) return bad();
  const auto epoch = text.substr(0, colon);
  const auto number = text.substr(colon + 1);
  const auto known = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (!std::ranges::all_of(epoch, known)) return bad();
  if (number.empty() || (number.size() > 1 && number.front() == '0')) return bad();
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (problem != std::errc{} || end != number.data() + number.size()) return bad();
  return position{std::string(epoch), sequence{value}};
}

std::string position::text() const {
  return epoch + ':' + std::to_string(at.value);
}

std::string make_epoch_name(std::uint64_t random) {
  std::string name(epoch_length, 'a');
  for (auto& c : name) {
    c = alphabet[random & 31];
    random >>= 5;
  }
  return name;
}

}  // namespace keelson
