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
///     PREFIX:.state              hash: where a secondary stands
///     PREFIX:.meta               hash: where the log of a primary begins and ends
///     PREFIX:.log                stream of a primary: a record at the ID SEQUENCE-0
///     PREFIX:.system             hash of a primary: the service's own records
///     PREFIX:.system_keys        sorted set of their keys, all of score 0
///     PREFIX:.mark               hash: whose store it is
class layout {
 public:
  explicit layout(const std::string& prefix) : root_(prefix + ':') {}

  [[nodiscard]] const std::string& mark() const noexcept { return mark_; }
  [[nodiscard]] const std::string& state() const noexcept { return state_; }
  [[nodiscard]] const std::string& meta() const noexcept { return meta_; }
  [[nodiscard]] const std::string& log() const noexcept { return log_; }
  [[nodiscard]] const std::string& system() const noexcept { return system_; }
  [[nodiscard]] const std::string& system_keys() const noexcept { return system_keys_; }
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
  std::string meta_ = root_ + ".meta";
  std::string log_ = root_ + ".log";
  std::string system_ = root_ + ".system";
  std::string system_keys_ = root_ + ".system_keys";
  std::string collections_ = root_ + ".collections";
};

}  // namespace keelson::backends::redis
