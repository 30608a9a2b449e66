#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "backends/store.hpp"

/// Records as an ordered key-value engine keeps them; the format is described in fields.hpp, the
/// numbers of the fields in codec.cpp. The encoders append to `out`. The decoders fail with
/// store_corrupt, or with store_mismatch for a format number that they do not know.
namespace keelson::backends::ordered_kv {

void encode_document(std::string& out, const row_view& row);
[[nodiscard]] result<document> decode_document(document_id id, std::string_view record,
                                               scan_content content = scan_content::whole);

/// All of the record but its sequence, which is its key.
void encode_log_record(std::string& out, const log_record& record);
[[nodiscard]] result<log_record> decode_log_record(sequence at, std::string_view record);

void encode_primary_meta(std::string& out, const primary_meta& meta);
[[nodiscard]] result<primary_meta> decode_primary_meta(std::string_view record);

void encode_secondary_state(std::string& out, const store_point& point, const store_counts& counts);
[[nodiscard]] result<secondary_state> decode_secondary_state(std::string_view record);

/// Whose store it is, and in which format the rest is written.
struct store_mark {
  ownership owner;
  std::uint32_t format = format_number;
  bool operator==(const store_mark&) const = default;
};
void encode_mark(std::string& out, const store_mark& mark);
[[nodiscard]] result<store_mark> decode_mark(std::string_view record);

}  // namespace keelson::backends::ordered_kv
