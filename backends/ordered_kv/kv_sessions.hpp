#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "backends/ordered_kv/kv_engine.hpp"
#include "backends/store.hpp"

namespace keelson::backends::ordered_kv {

/// The one session of a store that writes, for as long as this lives. Keeps the engine open.
class writing_turn {
 public:
  using flag = std::shared_ptr<std::atomic<bool>>;

  /// Fails with busy while another session of the store has it.
  [[nodiscard]] static result<writing_turn> take(std::shared_ptr<kv_engine> of, flag taken) {
    if (taken->exchange(true)) {
      return fail(errc::busy, "another session is writing to this store");
    }
    return writing_turn(std::move(of), std::move(taken));
  }
  ~writing_turn() {
    if (taken_) *taken_ = false;
  }
  writing_turn(writing_turn&&) noexcept = default;
  writing_turn& operator=(writing_turn&&) = delete;
  [[nodiscard]] kv_engine& engine() const noexcept { return *engine_; }

 private:
  writing_turn(std::shared_ptr<kv_engine> of, flag taken)
      : engine_(std::move(of)), taken_(std::move(taken)) {}
  std::shared_ptr<kv_engine> engine_;
  flag taken_;
};

[[nodiscard]] std::unique_ptr<primary_session> make_primary_session(writing_turn turn);
[[nodiscard]] std::unique_ptr<secondary_session> make_secondary_session(writing_turn turn);

}  // namespace keelson::backends::ordered_kv
