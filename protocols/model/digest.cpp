#include "protocols/model/digest.hpp"

#include <bit>
#include <cstring>

namespace keelson {

namespace {

using limbs = std::array<std::uint64_t, 4>;

limbs limbs_of(const hash256& hash) noexcept {
  limbs out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint64_t big_endian = 0;
    std::memcpy(&big_endian, hash.bytes.data() + 8 * (out.size() - 1 - i), sizeof big_endian);
    out[i] = __builtin_bswap64(big_endian);
  }
  return out;
}

void add_to(limbs& sum, const limbs& term) noexcept {
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const auto partial = sum[i] + carry;
    carry = partial < carry ? 1 : 0;
    sum[i] = partial + term[i];
    carry += sum[i] < partial ? 1 : 0;
  }
}

limbs negated(const limbs& term) noexcept {
  limbs out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = ~term[i];
  add_to(out, {1, 0, 0, 0});
  return out;
}

}  // namespace

void set_digest::add(const hash256& hash) noexcept {
  add_to(sum_, limbs_of(hash));
  ++count_;
}

void set_digest::remove(const hash256& hash) noexcept {
  add_to(sum_, negated(limbs_of(hash)));
  --count_;
}

void set_digest::move(const hash256& before, const hash256& after) noexcept {
  if (!before.is_zero()) remove(before);
  if (!after.is_zero()) add(after);
}

void set_digest::merge(const set_digest& other) noexcept {
  add_to(sum_, other.sum_);
  count_ += other.count_;
}

std::string set_digest::hex() const {
  hash256 bytes;
  for (std::size_t i = 0; i < sum_.size(); ++i) {
    const std::uint64_t big_endian = __builtin_bswap64(sum_[sum_.size() - 1 - i]);
    std::memcpy(bytes.bytes.data() + 8 * i, &big_endian, sizeof big_endian);
  }
  return bytes.hex();
}

}  // namespace keelson
