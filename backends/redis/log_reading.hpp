#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "backends/redis/connection.hpp"
#include "backends/redis/layout.hpp"
#include "backends/store.hpp"

/// Questions to the log of a primary, as the contract asks them. A long answer is read in several
/// commands; what is trimmed between them is noticed.
namespace keelson::backends::redis {

[[nodiscard]] result<primary_meta> fetch_meta(connection& server, const layout& names);

/// As primary_reader::read_log().
[[nodiscard]] result<log_slice> read_log_slice(connection& server, const layout& names,
                                               sequence after, std::size_t max_records,
                                               std::size_t max_bytes);

/// As primary_reader::chain_at().
[[nodiscard]] result<std::optional<hash256>> read_chain(connection& server, const layout& names,
                                                        sequence at);

/// As primary_reader::system_rows().
[[nodiscard]] result<std::vector<system_row>> read_system_rows(connection& server,
                                                               const layout& names,
                                                               std::string_view prefix,
                                                               std::string_view after,
                                                               std::size_t limit);

/// What `meta` is after a trim, as of primary_session::trim(). Writes nothing.
[[nodiscard]] result<primary_meta> trimmed(connection& server, const layout& names,
                                           primary_meta meta, sequence through,
                                           std::size_t max_records);

}  // namespace keelson::backends::redis
