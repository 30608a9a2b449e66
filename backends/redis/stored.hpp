#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "backends/redis/command_buffer.hpp"
#include "backends/redis/layout.hpp"
#include "backends/redis/reply.hpp"
#include "backends/store.hpp"

/// Our records as fields of Redis' hashes, all of them readable text.
namespace keelson::backends::redis {

/// What was known of the server when the documents were last sure to be those that were applied.
struct witness {
  std::string run_id;         ///< a new one at each start of the server
  std::uint64_t evicted = 0;  ///< keys, since the server's start
  std::uint64_t expired = 0;  ///< keys, since the server's start
  bool operator==(const witness&) const = default;
};

struct stored_state {
  secondary_state state;
  witness trusted;
};

// Each command that asks, with what reads its reply.
void ask_state(command_buffer& out, const layout& names);
/// store_io when it is gone, store_corrupt when it cannot be read.
[[nodiscard]] result<stored_state> read_state(const reply& answer);
void put_state(command_buffer& out, const layout& names, const secondary_state& state);
void put_witness(command_buffer& out, const layout& names, const witness& seen);

void ask_document(command_buffer& out, const layout& names, const document_id& id,
                  scan_content content);
/// Absent when there is no such key. A key that holds something else is a document without version,
/// hash or value: it equals nothing.
[[nodiscard]] std::optional<document> read_document(const reply& answer, document_id id);
void put_document(command_buffer& out, const layout& names, const row_view& row);

void ask_mark(command_buffer& out, const layout& names);
/// Empty where there is no mark; foreign when it cannot be read.
[[nodiscard]] place read_mark(const reply& answer);
void put_mark(command_buffer& out, const layout& names, const ownership& owner);

}  // namespace keelson::backends::redis
