#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "backends/store.hpp"

namespace keelson::conformance {

/// Thrown by a call that two stores answered differently.
struct stores_differ : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A store that makes every call on two stores, compares the answers, and gives back the first
/// one's. Of failures the codes are compared, not the sentences. Capabilities are not compared:
/// they may differ.
[[nodiscard]] std::shared_ptr<backends::store> differential_store(
    std::shared_ptr<backends::store> reference, std::shared_ptr<backends::store> other);

}  // namespace keelson::conformance
