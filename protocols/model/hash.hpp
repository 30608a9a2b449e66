#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/model/names.hpp"
#include "protocols/model/position.hpp"

namespace keelson {

/// A SHA-256 value (FIPS 180-4); all zero bytes stand for "no document".
struct hash256 {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const hash256&) const = default;
  [[nodiscard]] bool is_zero() const noexcept { return *this == hash256{}; }
  [[nodiscard]] std::string hex() const;
  [[nodiscard]] std::string_view view() const noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  /// From 32 bytes as a store keeps them; store_corrupt for another length.
  [[nodiscard]] static result<hash256> from_bytes(std::string_view raw);

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, hash256& x) {
    return f(x.bytes);
  }
};

/// Feeds fields into SHA-256, each with its length in front (8 bytes, little endian), so that no
/// two lists of fields give the same input.
class field_hasher {
 public:
  field_hasher();
  ~field_hasher();
  field_hasher(const field_hasher&) = delete;
  field_hasher& operator=(const field_hasher&) = delete;
  field_hasher& text(std::string_view field);
  field_hasher& number(std::uint64_t field);
  /// Ends the input; the object may be used for a new one afterwards.
  [[nodiscard]] hash256 finish();

 private:
  void* context_;
};

/// SHA-256 of the canonical bytes of a value. The session computes it.
[[nodiscard]] hash256 hash_value(std::string_view canonical);

/// The hash of a document: over collection, key, version, meta and the value's hash, each with its
/// length in front.
[[nodiscard]] hash256 hash_document(const document_id& id, version version, std::string_view meta,
                                    const hash256& value_hash);

}  // namespace keelson
