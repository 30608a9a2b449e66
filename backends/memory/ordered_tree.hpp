#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "backends/ordered_kv/kv_engine.hpp"

namespace keelson::backends::memory {

/// A pair and its place in the heap of the treap.
struct tree_entry {
  std::string key;
  std::string value;
  std::uint64_t priority = 0;
};
using entry_ptr = std::shared_ptr<const tree_entry>;

[[nodiscard]] entry_ptr make_entry(std::string_view key, std::string_view value);

/// A persistent map from bytes to bytes: a change copies the path from the root and shares the
/// rest, so whoever holds a root holds a snapshot, and reads it without a lock. A treap (Seidel and
/// Aragon, 1996) whose priorities are hashes of the keys, so its shape depends on its keys alone.
struct tree_node;
using tree = std::shared_ptr<const tree_node>;
struct tree_node {
  entry_ptr entry;
  tree left;
  tree right;
};

/// The tree with the entry in place of any of the same key.
[[nodiscard]] tree with(const tree& root, const entry_ptr& entry);
[[nodiscard]] tree without(const tree& root, std::string_view key);

/// Null if there is none.
[[nodiscard]] const tree_entry* find(const tree& root, std::string_view key);

/// As kv_view::visit.
[[nodiscard]] result<ordered_kv::step> walk(const tree& root, const ordered_kv::key_range& range,
                                            ordered_kv::direction order,
                                            const ordered_kv::pair_visitor& visit);

}  // namespace keelson::backends::memory
