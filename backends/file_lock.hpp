#pragma once

#include <filesystem>

#include "protocols/model/error.hpp"

namespace keelson::backends {

/// The right to write a store, held by one store in one process at a time: an flock on a file
/// beside it, `NAME-lock`, which stays when the lock goes. The data folder's lock does not reach a
/// store given by an absolute path, and a fence would notice a second writer only after both had
/// answered.
class file_lock {
 public:
  /// Fails with unavailable while somebody else holds it.
  [[nodiscard]] static result<file_lock> acquire(const std::filesystem::path& store);
  /// Whether the file that is locked is still the one beside: not when the folder was replaced.
  [[nodiscard]] bool is_beside(const std::filesystem::path& store) const;
  ~file_lock();
  file_lock(file_lock&& other) noexcept;
  file_lock& operator=(file_lock&&) = delete;

 private:
  explicit file_lock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace keelson::backends
