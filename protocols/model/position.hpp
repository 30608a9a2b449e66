#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/model/error.hpp"

namespace keelson {

/// The number of a change in its log. Never repeats, also across epochs.
struct sequence {
  std::uint64_t value = 0;
  auto operator<=>(const sequence&) const = default;
  [[nodiscard]] constexpr sequence next() const noexcept { return {value + 1}; }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, sequence& x) {
    return f(x.value);
  }
};

/// Of a document: the sequence of the change that wrote it; 0: no document.
using version = sequence;

/// The first epoch's base is 0; each later one begins this far above the last sequence known.
inline constexpr std::uint64_t epoch_distance = std::uint64_t{1} << 32;

/// `epoch:sequence`: a point between two commits of one history of a log.
struct position {
  std::string epoch;  ///< 8 characters of [a-z2-7], drawn at random
  sequence at;
  bool operator==(const position&) const = default;

  /// Fails with invalid_position.
  [[nodiscard]] static result<position> parse(std::string_view text);
  [[nodiscard]] std::string text() const;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, position& x) {
    return f(x.epoch, x.at);
  }
};

/// A new epoch's name from 40 random bits.
[[nodiscard]] std::string make_epoch_name(std::uint64_t random);

}  // namespace keelson
