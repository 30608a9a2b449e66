#pragma once

#include <cstdint>
#include <string>

#include "protocols/model/hash.hpp"
#include "protocols/model/names.hpp"
#include "protocols/model/position.hpp"

namespace keelson {

/// A point in wall-clock time: microseconds since 1970-01-01T00:00:00Z.
struct timestamp {
  std::int64_t microseconds = 0;
  auto operator<=>(const timestamp&) const = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, timestamp& x) {
    return f(x.microseconds);
  }
};

/// A document as every store keeps it.
struct document {
  document_id id;
  keelson::version version;
  timestamp time;     ///< of the change that wrote it
  hash256 hash;       ///< as stored; a comparison computes it anew from the bytes
  std::string meta;   ///< empty now; later owner, expiry, file references
  std::string value;  ///< canonical JSON
  bool operator==(const document&) const = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, document& x) {
    return f(x.id, x.version, x.time, x.hash, x.meta, x.value);
  }
};

/// The hash of a document from the bytes it has, not from what was stored beside them.
[[nodiscard]] inline hash256 computed_hash(const document& d) {
  return hash_document(d.id, d.version, d.meta, hash_value(d.value));
}

}  // namespace keelson
