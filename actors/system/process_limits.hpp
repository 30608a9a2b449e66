#pragma once

#include <cstddef>
#include <cstdint>

namespace keelson::system {

/// Lets the process have as many files and connections open as its hard limit allows; how many
/// that are.
[[nodiscard]] std::uint64_t raise_descriptor_limit() noexcept;

/// Lets the threads that this one starts from now on finish what they are at before one that wakes
/// takes their core (SCHED_BATCH of sched(7)). They hand work to each other in a chain: a thread
/// that has just answered and is pushed aside by whom it answered keeps everybody behind it
/// waiting.
void let_threads_finish() noexcept;

/// How many of so many descriptors clients may hold: the stores and the service itself keep up to
/// 1,200, or half of what little there is, so that no crowd of clients takes a file from a store.
[[nodiscard]] constexpr std::size_t connections_within(std::uint64_t descriptors) noexcept {
  constexpr std::uint64_t own = 1200;
  return descriptors - (descriptors / 2 < own ? descriptors / 2 : own);
}

}  // namespace keelson::system
