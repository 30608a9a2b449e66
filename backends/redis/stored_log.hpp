#pragma once

#include <span>
#include <vector>

#include "backends/redis/command_buffer.hpp"
#include "backends/redis/layout.hpp"
#include "backends/redis/reply.hpp"
#include "backends/store.hpp"

/// What a primary keeps besides its documents. The end of the log is readable text; a record of
/// the log is one field of a stream's entry, in the format of backends/ordered_kv/codec.hpp.
namespace keelson::backends::redis {

// Each command that asks, with what reads its reply.
void ask_meta(command_buffer& out, const layout& names);
/// store_io when it is gone, store_corrupt when it cannot be read.
[[nodiscard]] result<primary_meta> read_meta(const reply& answer);
void put_meta(command_buffer& out, const layout& names, const primary_meta& meta);

/// At most `most` of the records behind `after`.
void ask_records(command_buffer& out, const layout& names, sequence after, std::size_t most);
[[nodiscard]] result<std::vector<log_record>> read_records(const reply& answer);
void put_records(command_buffer& out, const layout& names, std::span<const log_record> records);
/// Removes the records up to `oldest`.
void trim_records(command_buffer& out, const layout& names, sequence oldest);

void put_system(command_buffer& out, const layout& names, std::span<const system_write> rows);

}  // namespace keelson::backends::redis
