#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "backends/commit_record/record_engine.hpp"

namespace keelson::backends::commit_record {

/// The one session of a store that writes, for as long as this lives. Keeps the engine open.
class writing_turn {
 public:
  using flag = std::shared_ptr<std::atomic<bool>>;

  /// Fails with busy while another session of the store has it.
  [[nodiscard]] static result<writing_turn> take(std::shared_ptr<record_engine> of, flag taken);
  ~writing_turn() {
    if (taken_) *taken_ = false;
  }
  writing_turn(writing_turn&&) noexcept = default;
  writing_turn& operator=(writing_turn&&) = delete;
  [[nodiscard]] record_engine& engine() const noexcept { return *engine_; }

 private:
  writing_turn(std::shared_ptr<record_engine> of, flag taken)
      : engine_(std::move(of)), taken_(std::move(taken)) {}
  std::shared_ptr<record_engine> engine_;
  flag taken_;
};

// A session first finishes what the newest record left to do.
[[nodiscard]] result<std::unique_ptr<primary_session>> make_primary_session(writing_turn turn);
[[nodiscard]] result<std::unique_ptr<secondary_session>> make_secondary_session(writing_turn turn);

[[nodiscard]] std::unique_ptr<store_reader> make_reader(std::shared_ptr<record_engine> engine,
                                                        store_role role);
[[nodiscard]] std::unique_ptr<primary_reader> make_primary_reader(
    std::shared_ptr<record_engine> engine);

}  // namespace keelson::backends::commit_record
