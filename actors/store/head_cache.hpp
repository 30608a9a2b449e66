#pragma once

#include <cstddef>
#include <unordered_map>

#include "actors/store/commit_planner.hpp"

namespace keelson::store {

/// What the writer itself committed last, so that a document that is written often is not read
/// before each write. Whoever owns it clears it when a commit fails or somebody else may have
/// written.
class head_cache {
 public:
  /// Holds between half of `capacity` and all of it, the oldest go first.
  explicit head_cache(std::size_t capacity) : half_(capacity / 2) {}

  /// Null: not known. Valid until the next put().
  [[nodiscard]] const document_head* find(const document_id& id) const;
  void put(const document_id& id, const document_head& head);
  void clear();

 private:
  using generation = std::unordered_map<document_id, document_head, document_id_hash>;

  std::size_t half_;
  generation young_;
  generation old_;  ///< what young_ was until it was full
};

}  // namespace keelson::store
