#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "protocols/client/load_window.hpp"
#include "protocols/model/error.hpp"

namespace keelson::client {

/// What is loaded to where. A state that names another source does not fit.
struct load_source {
  std::string file;  ///< absolute
  std::uint64_t bytes = 0;
  std::int64_t modified_ns = 0;
  std::string collection;
  std::string key_field;
  std::string url;
  std::string log_id;  ///< of the service; empty if it did not say
  std::string epoch;   ///< of the service's history; empty if it did not say

  bool operator==(const load_source&) const = default;
};

/// What a load keeps on disk until it is done.
struct load_state {
  load_source source;
  std::string load_id;
  load_progress progress;
};

/// FILE.keelson-load beside the file, or one under $XDG_STATE_HOME/keelson (~/.local/state/keelson)
/// when nothing can be written there.
[[nodiscard]] std::filesystem::path load_state_path(const std::filesystem::path& file);

/// The state that was kept; nothing if there is none or it is not readable as one.
[[nodiscard]] std::optional<load_state> read_load_state(const std::filesystem::path& path);

/// Replaces the state as a whole, durably: a reader sees the old one or the new one.
[[nodiscard]] result<void> write_load_state(const std::filesystem::path& path,
                                            const load_state& state);

}  // namespace keelson::client
