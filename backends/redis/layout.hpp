#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocols/model/names.hpp"

namespace keelson::backends::redis {

/// The names of our keys. No collection begins with a '.', so none of ours is a document:
///
///     PREFIX:COLLECTION:KEY      hash: version, time, hash, meta, value
///     PREFIX:.keys:COLLECTION    sorted set of the collection's keys, all of score 0
///     PREFIX:.collections        sorted set of the collections that ever had a key
///     PREFIX:.state              hash: where the store stands
///     PREFIX:.mark               hash: whose store it is
class layout {
 public:
  explicit layout(const std::string& prefix) : root_(prefix + ':') {}

  [[nodiscard]] const std::string& mark() const noexcept { return mark_; }
  [[nodiscard]] const std::string& state() const noexcept { return state_; }
  [[nodiscard]] const std::string& collections() const noexcept { return collections_; }
  [[nodiscard]] std::string index(std::string_view collection) const;
  [[nodiscard]] std::string document(const document_id& id) const;
  /// What every key of ours matches.
  [[nodiscard]] std::string pattern() const { return root_ + '*'; }
  /// The document of a key; absent if it is no document's.
  [[nodiscard]] std::optional<document_id> document_of(std::string_view key) const;

 private:
  std::string root_;
  std::string mark_ = root_ + ".mark";
  std::string state_ = root_ + ".state";
  std::string collections_ = root_ + ".collections";
};

}  // namespace keelson::backends::redis
