#pragma once

#include <cstddef>
#include <vector>

#include "actors/store/commit_planner.hpp"

namespace keelson::store {

/// What the writer itself committed last, so that a document that is written often is not read
/// before each write. Whoever owns it clears it when a commit fails or somebody else may have
/// written.
///
/// A table with one place for all documents of the same hash, the newest stays: nothing to order,
/// to allocate or to free where the documents are too many to be met again.
class head_cache {
 public:
  explicit head_cache(std::size_t places) : count_(places) {}

  /// Null: not known. Valid until the next put().
  [[nodiscard]] const document_head* find(const document_id& id) const;
  void put(const document_id& id, const document_head& head);
  void clear() { places_.clear(); }

 private:
  struct place {
    document_id id;
    document_head head;
    bool taken = false;
  };
  [[nodiscard]] std::size_t place_of(const document_id& id) const;

  std::size_t count_;
  std::vector<place> places_;  ///< empty until something is known
};

}  // namespace keelson::store
