#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "backends/ordered_kv/keys.hpp"
#include "backends/ordered_kv/kv_engine.hpp"
#include "backends/store.hpp"

/// What sessions and readers read, each from one view.
namespace keelson::backends::ordered_kv {

/// The value of one key; absent if there is none.
[[nodiscard]] result<std::optional<std::string>> read_value(kv_view& view, std::string_view key);

/// store_corrupt if the row, which was written when the store was created, is missing.
[[nodiscard]] result<primary_meta> read_primary_meta(kv_view& view);
[[nodiscard]] result<secondary_state> read_secondary_state(kv_view& view);
[[nodiscard]] result<store_point> read_point(kv_view& view, store_role role);

[[nodiscard]] result<documents_read> read_documents(kv_view& view, store_role role,
                                                    std::span<const document_id> ids,
                                                    std::size_t max_bytes);
[[nodiscard]] result<scan_page> read_page(kv_view& view, store_role role,
                                          const scan_request& request);
[[nodiscard]] result<log_slice> read_log_slice(kv_view& view, sequence after,
                                               std::size_t max_records, std::size_t max_bytes);
[[nodiscard]] result<std::optional<hash256>> read_chain(kv_view& view, sequence at);
[[nodiscard]] result<std::vector<system_row>> read_system_rows(kv_view& view,
                                                               std::string_view prefix,
                                                               std::string_view after,
                                                               std::size_t limit);

/// Where a primary stands.
[[nodiscard]] store_point primary_point(const primary_meta& meta);

}  // namespace keelson::backends::ordered_kv
