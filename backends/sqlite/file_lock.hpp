#pragma once

#include <filesystem>

#include "protocols/model/error.hpp"

namespace keelson::backends::sqlite {

/// The right to write a database file, held by one store in one process at a time: an flock on a
/// file beside it, `NAME-lock`, which stays when the lock goes. Not on the database itself: closing
/// any descriptor of that file drops the POSIX locks that SQLite holds on it in this process. Not
/// SQLite's exclusive mode: readers have their own connections. The data folder's lock does not
/// reach a file given by an absolute path, and the fence would notice a second writer only after
/// both had answered.
class file_lock {
 public:
  /// Fails with unavailable while somebody else holds it.
  [[nodiscard]] static result<file_lock> acquire(const std::filesystem::path& database);
  ~file_lock();
  file_lock(file_lock&& other) noexcept;
  file_lock& operator=(file_lock&&) = delete;

 private:
  explicit file_lock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace keelson::backends::sqlite
