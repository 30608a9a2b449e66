#pragma once

#include <atomic>
#include <memory>

#include <rocksdb/db.h>

#include "backends/ordered_kv/kv_engine.hpp"

namespace keelson::backends::rocksdb {

/// An opened database. Synced writes sync RocksDB's write-ahead log; the others do at sync().
class rocksdb_kv final : public ordered_kv::kv_engine {
 public:
  explicit rocksdb_kv(std::unique_ptr<::rocksdb::DB> database);
  /// Flushes, so that the next opening has no log to replay.
  ~rocksdb_kv() override;
  rocksdb_kv(const rocksdb_kv&) = delete;
  rocksdb_kv& operator=(const rocksdb_kv&) = delete;

  [[nodiscard]] std::unique_ptr<ordered_kv::kv_view> snapshot() override;
  [[nodiscard]] std::unique_ptr<ordered_kv::kv_view> latest() override;
  [[nodiscard]] std::unique_ptr<ordered_kv::kv_batch> new_batch() override;
  [[nodiscard]] result<void> write(ordered_kv::kv_batch& batch,
                                   ordered_kv::write_mode mode) override;
  [[nodiscard]] result<void> sync() override;

 private:
  [[nodiscard]] std::unexpected<error> failed_by_full_disk() const;

  std::unique_ptr<::rocksdb::DB> database_;
  std::atomic<bool> disk_was_full_ = false;
};

/// A view of a database that somebody else owns, also of one that was opened for reading only.
[[nodiscard]] std::unique_ptr<ordered_kv::kv_view> view_of(::rocksdb::DB& database);

}  // namespace keelson::backends::rocksdb
