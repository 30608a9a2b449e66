#pragma once

#include <cstdint>
#include <memory>

#include "backends/store.hpp"
#include "tests/simulation/mutation.hpp"

namespace keelson::test {

/// The same store, now and then wrong in the given way; which calls follows from the seed. Other
/// mutations than those of stores change nothing.
[[nodiscard]] std::shared_ptr<backends::store> mutated(std::shared_ptr<backends::store> inner,
                                                       mutation made_wrong, std::uint64_t seed);

}  // namespace keelson::test
