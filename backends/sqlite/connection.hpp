#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "protocols/model/error.hpp"

namespace keelson::backends::sqlite {

/// The failure that an SQLite result code stands for. `doing` completes "SQLite cannot ...".
/// Disk full is storage_full; a damaged file, or a table that is not as we made it, store_corrupt;
/// a lock that somebody else did not give up in time, unavailable (nothing was done); a statement
/// or value of ours that SQLite refuses, internal; everything else, store_io.
[[nodiscard]] error to_error(sqlite3* db, int code, std::string_view doing);

enum class open_mode : std::uint8_t {
  create,      ///< read and write, the file is made
  read_write,  ///< the file must be there
  gathering,   ///< as read_write, over gathering_vfs(): only with synchronous = FULL
  read_only,   ///< the file must be there; may write to the shared index of the log (-shm)
  untouched,   ///< writes nothing at all, not even to -shm
  immutable,   ///< as untouched; also ignores the write-ahead log and every lock
};

/// One connection to a database file. Belongs to one thread at a time.
class connection {
 public:
  [[nodiscard]] static result<connection> open(const std::filesystem::path& file, open_mode mode);

  /// Runs statements that take no value and whose rows are of no interest.
  [[nodiscard]] result<void> run(const char* sql);
  [[nodiscard]] sqlite3* raw() const noexcept { return db_.get(); }
  [[nodiscard]] bool in_transaction() const noexcept { return !sqlite3_get_autocommit(raw()); }
  /// Rows that the last INSERT, UPDATE or DELETE touched.
  [[nodiscard]] std::int64_t changed() const noexcept { return sqlite3_changes64(raw()); }

 private:
  struct closer {
    void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
  };
  explicit connection(sqlite3* db) : db_(db) {}
  std::unique_ptr<sqlite3, closer> db_;
};

/// Rolls back what is still open when it goes out of scope; a reading transaction has nothing to
/// lose by that.
class transaction_guard {
 public:
  explicit transaction_guard(connection& c) : connection_(&c) {}
  ~transaction_guard();
  transaction_guard(const transaction_guard&) = delete;
  transaction_guard& operator=(const transaction_guard&) = delete;

 private:
  connection* connection_;
};

}  // namespace keelson::backends::sqlite
