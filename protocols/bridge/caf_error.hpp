#pragma once

#include <cstdint>

#include <caf/fwd.hpp>

#include "protocols/model/error.hpp"

namespace keelson::bridge {

/// What was asked of an actor: whether it may have taken effect although no answer came.
enum class ask_kind : std::uint8_t { read, write, operation };

/// What a client is told when an actor was asked and did not answer by itself.
[[nodiscard]] error from_caf(const caf::error& problem, ask_kind kind);

/// The same when the ask was lost on its way, or its answer.
[[nodiscard]] error lost_answer(ask_kind kind);

/// The same when it did not come in time.
[[nodiscard]] error late_answer(ask_kind kind);

}  // namespace keelson::bridge
