#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "backends/store.hpp"

namespace keelson::replicator {

/// Which documents a batch of changes is about.
struct row_scope {
  std::span<const std::string> collections;  ///< patterns; empty: all
  const document_id* through = nullptr;      ///< none beyond it; null: no bound

  [[nodiscard]] bool holds(const document_id& id) const;
};

/// Changes in log order made into the rows of one apply: the last change of a document wins.
/// The rows are views into the records, which have to outlive the batch.
class row_batch {
 public:
  explicit row_batch(row_scope scope) : scope_(scope) {}

  void add(std::span<const log_record> records);
  [[nodiscard]] std::span<const backends::row_view> rows() const noexcept { return rows_; }
  /// The counts of a store that had these before the changes.
  [[nodiscard]] backends::store_counts moved(backends::store_counts before) const noexcept;

 private:
  struct same_id {
    bool operator()(const document_id* a, const document_id* b) const { return *a == *b; }
  };
  struct hash_id {
    std::size_t operator()(const document_id* id) const noexcept { return document_id_hash()(*id); }
  };

  row_scope scope_;
  std::vector<backends::row_view> rows_;
  std::unordered_map<const document_id*, std::size_t, hash_id, same_id> places_;
  std::uint64_t documents_ = 0;  ///< difference, modulo 2^64
  std::uint64_t bytes_ = 0;      ///< difference, modulo 2^64
};

}  // namespace keelson::replicator
