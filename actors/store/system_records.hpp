#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "backends/store.hpp"
#include "protocols/messages/writer.hpp"

/// The rows that the writer keeps in the system table, in the transaction of the commit they
/// belong to. Values are JSON objects; unknown members are skipped.
///
///     collection/NAME               {"documents","bytes"}
///     idempotency/key/SCOPE\0KEY    {"ordinal","time","fingerprint","epoch","sequence","key",
///                                    "outcomes"}
///     idempotency/age/ORDINAL       {"row","time"}; ORDINAL: 16 hexadecimal digits
///     idempotency/bounds            {"first","next"}: ordinals of the records that are kept
namespace keelson::store {

inline constexpr std::string_view collection_prefix = "collection/";
[[nodiscard]] std::string collection_row(const collection_name& collection);
[[nodiscard]] std::string encode_counts(const backends::store_counts& counts);
[[nodiscard]] result<backends::store_counts> decode_counts(std::string_view text);

/// An answer that changed something, kept to be given again.
struct idempotency_record {
  std::uint64_t ordinal = 0;
  timestamp time;
  std::string fingerprint;  ///< hexadecimal
  std::string key;          ///< of the first operation
  messages::write_receipt receipt;
};
[[nodiscard]] std::string idempotency_row(std::string_view scope, std::string_view key);
[[nodiscard]] std::string encode_idempotency(const idempotency_record& record);
[[nodiscard]] result<idempotency_record> decode_idempotency(std::string_view text);

inline constexpr std::string_view idempotency_age_prefix = "idempotency/age/";
struct idempotency_age {
  std::string row;  ///< of the record
  timestamp time;
};
[[nodiscard]] std::string idempotency_age_row(std::uint64_t ordinal);
[[nodiscard]] std::string encode_age(const idempotency_age& age);
[[nodiscard]] result<idempotency_age> decode_age(std::string_view text);

inline constexpr std::string_view idempotency_bounds_row = "idempotency/bounds";
struct idempotency_bounds {
  std::uint64_t first = 0;
  std::uint64_t next = 0;
};
[[nodiscard]] std::string encode_bounds(const idempotency_bounds& bounds);
[[nodiscard]] result<idempotency_bounds> decode_bounds(std::string_view text);

}  // namespace keelson::store
