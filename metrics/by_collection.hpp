#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "metrics/registry.hpp"

namespace keelson::metrics {

/// A counter with the label `collection`, which clients choose: the first hundred collections have
/// one each, all further ones share `other`, so that no client can fill the memory of whoever
/// scrapes. Safe from any thread.
class counter_by_collection {
 public:
  static constexpr std::size_t most_collections = 100;
  static constexpr std::string_view other = "other";

  /// `in` and the texts of `of` must outlive this.
  counter_by_collection(registry& in, const family& of);
  [[nodiscard]] counter of(std::string_view collection);

 private:
  [[nodiscard]] counter make(std::string_view collection) const;

  registry* in_;
  family family_;
  counter other_;
  std::shared_mutex mutex_;
  std::map<std::string, counter, std::less<>> known_;
};

}  // namespace keelson::metrics
