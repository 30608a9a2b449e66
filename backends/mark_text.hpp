#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "backends/store.hpp"

namespace keelson::backends {

/// Whose store it is, in a small JSON file beside the data of an engine that can hold no mark of
/// its own, or none that could be read without opening it:
///
///     {"format":1,"log_id":"UUID","role":"secondary","name":"files"}
///
/// Other members are skipped.
struct mark_text {
  ownership owner;
  std::uint32_t format = format_number;
  bool operator==(const mark_text&) const = default;

  [[nodiscard]] std::string text() const;
  /// Absent when there is no file; store_foreign for one that is no mark, store_io for one that
  /// cannot be read.
  [[nodiscard]] static result<std::optional<mark_text>> read(const std::filesystem::path& file);
  /// Lasting when it returns; store_io or storage_full.
  [[nodiscard]] result<void> write(const std::filesystem::path& file) const;
};

}  // namespace keelson::backends
