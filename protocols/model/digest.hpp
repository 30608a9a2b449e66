#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "protocols/model/hash.hpp"

namespace keelson {

/// The digest of a set of documents: the sum of their hashes modulo 2^256 (each read as a
/// big-endian number), with their count. Order does not matter, and a change moves it by
/// (hash after - hash before). An additive multiset hash after Bellare and Micciancio (AdHash,
/// EUROCRYPT 1997): made for accidents, not for adversaries who choose the documents.
class set_digest {
 public:
  void add(const hash256& hash) noexcept;
  void remove(const hash256& hash) noexcept;
  /// Moves the digest by one change; a zero hash stands for "no document".
  void move(const hash256& before, const hash256& after) noexcept;
  /// The digest of the union of two sets without a common member.
  void merge(const set_digest& other) noexcept;
  [[nodiscard]] std::int64_t count() const noexcept { return count_; }
  [[nodiscard]] std::string hex() const;
  bool operator==(const set_digest&) const = default;

 private:
  std::array<std::uint64_t, 4> sum_{};  // least significant limb first
  std::int64_t count_ = 0;
};

}  // namespace keelson
