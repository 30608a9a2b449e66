#pragma once

#include <memory>
#include <string_view>

#include "backends/memory/ordered_tree.hpp"
#include "backends/registry.hpp"

namespace keelson::test {

/// When a disk that is told to sync does it.
enum class sync_habit : std::uint8_t {
  at_once,
  now_and_then,  ///< lies about it: a broken disk
};

/// What a store lies on: outlives the processes that open it, can be copied, put back and lose its
/// power. A store in memory in all else.
class simulated_disk {
 public:
  explicit simulated_disk(sync_habit habit = sync_habit::at_once);

  /// As an engine of the registry opens a place.
  [[nodiscard]] result<std::shared_ptr<backends::store>> open(const backends::ownership& owner,
                                                              std::string_view first_epoch);
  /// Reads past everything that decorates an opened store.
  [[nodiscard]] std::unique_ptr<backends::primary_reader> look_at_primary() const;
  [[nodiscard]] std::unique_ptr<backends::store_reader> look_at_secondary() const;

  /// Everything on it; cheap. Two that are equal are the same pointer.
  using content = backends::memory::tree;
  [[nodiscard]] content now() const;
  /// From now on another disk with this content is in its place; stores that are open stay where
  /// they are.
  void put_back(const content& copy);
  /// The same with what was synced.
  void lose_power();

 private:
  class engine;
  sync_habit habit_;
  std::shared_ptr<engine> engine_;
};

}  // namespace keelson::test
