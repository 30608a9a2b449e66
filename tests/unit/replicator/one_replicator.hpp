#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "actors/replicator/replicator_core.hpp"
#include "actors/replicator/secondary_worker.hpp"
#include "tests/unit/replicator/primary_log.hpp"

namespace keelson::test {

/// A place in memory for a secondary, and a look into it from outside.
class secondary_place {
 public:
  explicit secondary_place(std::string name = "kv");
  [[nodiscard]] backends::store_location location() const { return {.url = url_}; }
  [[nodiscard]] std::map<document_id, document> documents() const;
  [[nodiscard]] backends::secondary_state state() const;
  /// Writes what no replicator would.
  void scribble(std::span<const backends::row_view> rows,
                std::optional<backends::secondary_state> next = {});
  [[nodiscard]] std::shared_ptr<backends::store> open() const;

 private:
  std::string url_;
  std::string name_;
};

/// A call that fails, as if the process or the machine had stopped there.
enum class crash_point : std::uint8_t { never, before_apply, after_apply, at_sync };

/// The core and the worker driven in one thread under a time of their own, without actors.
class one_replicator {
 public:
  one_replicator(primary_log& primary, const secondary_place& place,
                 std::function<void(replicator::replicator_options&)> adjust = {});
  one_replicator(const one_replicator&) = delete;
  one_replicator& operator=(const one_replicator&) = delete;

  /// Does at most one step; false if there was none to do.
  bool step();
  /// Steps until there is nothing to do, without passing time.
  void settle();
  /// Passes time to the next thing to do, at most `longest`.
  void pass(std::chrono::milliseconds longest);
  /// The next call of that kind fails.
  void fail_next(crash_point where) { *failing_ = where; }
  void tell(const actors::group_ref& group) {
    if (group) core_->committed(group, now_);
  }
  [[nodiscard]] replicator::replicator_core& core() { return *core_; }
  [[nodiscard]] messages::component_state state() const { return core_->state(); }
  [[nodiscard]] actors::primary_link& link() { return *link_; }
  /// Called before each read of the primary's documents: what it writes lies between the log that
  /// was read and the documents.
  void before_each_scan(std::function<void()> call) { *before_scan_ = std::move(call); }
  [[nodiscard]] int opened() const { return opened_; }
  [[nodiscard]] int followed() const { return followed_; }

 private:
  primary_log& primary_;
  std::shared_ptr<crash_point> failing_ = std::make_shared<crash_point>(crash_point::never);
  std::shared_ptr<std::function<void()>> before_scan_ = std::make_shared<std::function<void()>>();
  std::shared_ptr<actors::primary_link> link_;
  std::unique_ptr<replicator::replicator_core> core_;
  std::unique_ptr<replicator::secondary_worker> worker_;
  replicator::time_point now_{std::chrono::hours(1)};
  int opened_ = 0;
  int followed_ = 0;
};

/// Whether a secondary stands at the log's end and is equal to the primary, counts included.
void check_equal(primary_log& primary, const secondary_place& place);

}  // namespace keelson::test
