#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "backends/registry.hpp"

namespace keelson::actors {

/// Notices that the file or folder of an open store was removed, replaced or emptied: the engine
/// would go on writing to files that nobody can find any more. Looks at the name alone and opens
/// nothing, since closing a second descriptor of a database file drops the engine's locks. Stores
/// that are no file are not watched.
class place_watch {
 public:
  place_watch() = default;
  explicit place_watch(const backends::store_location& location);
  /// Fails with store_io, and with what was seen.
  [[nodiscard]] result<void> check() const;

 private:
  struct identity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    bool empty_folder = false;
    bool operator==(const identity&) const = default;
  };
  [[nodiscard]] std::optional<identity> look() const;

  std::filesystem::path path_;
  std::optional<identity> opened_;
};

}  // namespace keelson::actors
