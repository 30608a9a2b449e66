#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "protocols/messages/verification.hpp"
#include "protocols/model/error.hpp"

namespace keelson::replicator {

/// What a store in doubt needs: a full comparison, and to be told when it is complete. Pure: is
/// told what came of each thing, and says what is to be done next.
class doubt_watch {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  enum class question : std::uint8_t {
    none,
    pass,    ///< begin a full comparison with the store
    report,  ///< what has become of it
  };

  explicit doubt_watch(std::chrono::milliseconds interval) : interval_(interval) {}

  /// What the store says; empty when it is in no doubt.
  void said(const std::string& reason);
  /// The doubt is settled, or the session closed: the next one says anew what it doubts. Answers
  /// that are still under way are void.
  void forget();

  /// What is to be asked of the validator; nothing until the last question was answered. The
  /// answer comes with the number that asked() had then.
  [[nodiscard]] question next(time_point now);
  [[nodiscard]] std::uint64_t asked() const noexcept { return asked_; }
  void began(std::uint64_t asked, result<std::string> pass, time_point now);
  void reported(std::uint64_t asked, const result<messages::verify_report>& report, time_point now);
  /// The comparison is complete: the store is to be told.
  [[nodiscard]] bool settled() const noexcept { return complete_; }

  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }
  [[nodiscard]] const std::string& pass() const noexcept { return pass_; }

 private:
  [[nodiscard]] bool answered(std::uint64_t asked, time_point now);

  std::chrono::milliseconds interval_;  ///< between two questions
  std::string reason_;
  std::string pass_;  ///< its id; empty: none has begun
  bool complete_ = false;
  std::uint64_t asked_ = 0;  ///< questions so far
  bool waiting_ = false;     ///< for the answer to the last one
  time_point again_{};
};

}  // namespace keelson::replicator
