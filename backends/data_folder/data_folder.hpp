#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "protocols/model/error.hpp"

namespace keelson::backends {

/// The folder that one service owns: its lock, and the id of the log that it belongs to.
class data_folder {
 public:
  /// Makes the folder when it is absent and takes its lock until the object goes. Fails with
  /// unavailable when another process holds it, store_io when it cannot be made or written.
  [[nodiscard]] static result<data_folder> open(const std::filesystem::path& path);

  data_folder(data_folder&&) noexcept;
  data_folder& operator=(data_folder&&) noexcept;
  ~data_folder();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// The id of the log that the folder belongs to; absent when it has none yet.
  [[nodiscard]] result<std::optional<std::string>> log_id() const;
  /// Written to a temporary file, synced and renamed.
  [[nodiscard]] result<void> set_log_id(const std::string& id) const;
  [[nodiscard]] std::filesystem::path mark_file() const { return path_ / "position.mark"; }

 private:
  data_folder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace keelson::backends
