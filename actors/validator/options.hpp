#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "metrics/handles.hpp"

namespace keelson::metrics {
class registry;
}

namespace keelson::validator {

/// Actor time; virtual in simulations.
using moment = std::chrono::steady_clock::time_point;

enum class read_checks : std::uint8_t { off, on };

struct compared_secondary {
  std::string name;
  std::vector<std::string> collections;  ///< patterns; none: all collections
  read_checks reads = read_checks::on;   ///< whether documents are checked after they were read
};

/// How much one step of a comparison takes on. A step reads and holds at most this.
struct step_limits {
  std::size_t piece_documents = 1000;
  std::size_t piece_bytes = std::size_t{1} << 20;
  std::size_t documents_a_look = 64;  ///< judged together, each side in one read
  std::size_t log_records = 8192;     ///< read to move a digest; beyond it keys are compared singly
  unsigned looks = 4;                 ///< at a key that is written while it is looked at
};

struct validator_options {
  std::vector<compared_secondary> secondaries;
  double checks_per_second = 2000;  ///< of documents that were read
  std::size_t queued_checks = 4096;
  std::size_t waiting_compares = 1024;  ///< of `?verify=wait`; beyond it `unknown` at once
  std::chrono::milliseconds pending_grace{30'000};  ///< after a pass's scan
  std::chrono::milliseconds relook_interval{500};   ///< at what a pass left pending or unknown
  std::size_t pass_waiting = 100'000;               ///< documents that a pass looks at again
  std::size_t pass_differences = 100'000;           ///< kept of a pass; all are counted
  std::size_t passes_kept = 16;
  std::size_t open_differences = 100'000;  ///< kept in the ledger
  step_limits limits;
  metrics::counter restarts;             ///< of workers
  metrics::registry* metrics = nullptr;  ///< never null when the actor is spawned; outlives it
};

}  // namespace keelson::validator
