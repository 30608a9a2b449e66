#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "backends/postgres/connection.hpp"

namespace keelson::backends::postgres {

/// Keeps other processes from opening the store of a database, for as long as it is held: an
/// advisory lock of a connection that does nothing else. Politeness, and the lock under which
/// tables are made and migrated; what protects the log is the fence in each commit.
class database_lock {
 public:
  /// Waits for the server's lock_timeout, then fails with unavailable. A connection that an earlier
  /// lock of this process left behind is ended.
  [[nodiscard]] static result<database_lock> take(connection over);

  ~database_lock() { release(); }
  database_lock(database_lock&& other) noexcept;
  database_lock& operator=(database_lock&&) = delete;

  /// Thread-safe; the second time nothing happens.
  void release();
  /// Its connection, while nobody else uses the lock.
  [[nodiscard]] connection& over() { return *over_; }
  [[nodiscard]] std::int64_t server_started() const noexcept { return started_; }

 private:
  explicit database_lock(connection over)
      : started_(over.facts().started), over_(std::move(over)) {}

  std::int64_t started_;
  std::mutex turn_;
  std::optional<connection> over_;
};

}  // namespace keelson::backends::postgres
