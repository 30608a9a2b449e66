#pragma once

#include <optional>
#include <span>
#include <vector>

#include "backends/commit_record/batch_codec.hpp"
#include "backends/commit_record/record_engine.hpp"

/// What sessions and readers read. There are no snapshots: the newest record is looked at before
/// and after, and what it has not raised yet is laid over what is stored.
namespace keelson::backends::commit_record {

/// The newest record, with its rows as long as they are not all raised.
struct unfinished {
  record_head head;
  batch_body body;
};
[[nodiscard]] result<unfinished> read_unfinished(record_engine& engine);

/// store_corrupt if there is none.
[[nodiscard]] result<record_head> read_newest(record_engine& engine);
[[nodiscard]] result<store_point> point_of(store_role role, const record_head& head);

[[nodiscard]] result<documents_read> read_documents(record_engine& engine, store_role role,
                                                    std::span<const document_id> ids,
                                                    std::size_t max_bytes);
[[nodiscard]] result<scan_page> read_page(record_engine& engine, store_role role,
                                          const scan_request& request);
[[nodiscard]] result<std::vector<system_row>> read_system_rows(record_engine& engine,
                                                               std::string_view prefix,
                                                               std::string_view after,
                                                               std::size_t limit);

}  // namespace keelson::backends::commit_record
