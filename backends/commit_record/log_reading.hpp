#pragma once

#include <cstddef>
#include <optional>

#include "backends/commit_record/record_engine.hpp"

/// The log of a primary, out of its records.
namespace keelson::backends::commit_record {

[[nodiscard]] result<primary_meta> read_meta(record_engine& engine);
[[nodiscard]] result<log_slice> read_log_slice(record_engine& engine, sequence after,
                                               std::size_t max_records, std::size_t max_bytes);
[[nodiscard]] result<std::optional<hash256>> read_chain(record_engine& engine, sequence at);

/// What is left of a log when its oldest commits go: those that end at or before `through`, and
/// have at most `max_records` records together. Reads the log as of `newest`.
[[nodiscard]] result<primary_meta> trimmed(record_engine& engine, const record_head& newest,
                                           sequence through, std::size_t max_records);

}  // namespace keelson::backends::commit_record
