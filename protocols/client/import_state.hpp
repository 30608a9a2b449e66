#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "protocols/model/error.hpp"

namespace keelson::client {

/// What is copied from where to where. A state that names another job does not fit.
struct import_job {
  std::string source;  ///< URL, without secrets
  std::string from;
  std::string collection;
  std::string key_field;
  std::string url;     ///< of the service
  std::string log_id;  ///< of the service; empty if it did not say
  std::string epoch;   ///< of the service's history; empty if it did not say

  bool operator==(const import_job&) const = default;
};

struct import_progress {
  std::string mark;  ///< of the source: what is before it has been dealt with
  std::uint64_t read = 0;
  std::uint64_t written = 0;
  std::uint64_t failed = 0;
  bool copied = false;  ///< nothing is left but to compare
};

struct import_state {
  import_job job;
  import_progress progress;
};

/// A file under $XDG_STATE_HOME/keelson (~/.local/state/keelson), told apart by the job without
/// the service's history.
[[nodiscard]] std::filesystem::path import_state_path(const import_job& job);

/// The state that was kept; nothing if there is none or it is not readable as one.
[[nodiscard]] std::optional<import_state> read_import_state(const std::filesystem::path& path);

/// Replaces the state as a whole, durably.
[[nodiscard]] result<void> write_import_state(const std::filesystem::path& path,
                                              const import_state& state);

}  // namespace keelson::client
