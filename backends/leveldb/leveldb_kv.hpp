#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>

#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/filter_policy.h>

#include "backends/leveldb/leveldb_env.hpp"
#include "backends/ordered_kv/kv_engine.hpp"

namespace keelson::backends::leveldb {

inline constexpr std::size_t default_cache_mib = 64;

/// An opened database. Synced writes sync LevelDB's write-ahead log; the others do at sync().
class leveldb_kv final : public ordered_kv::kv_engine {
 public:
  /// `create` says whether there may be no database yet.
  [[nodiscard]] static result<std::shared_ptr<leveldb_kv>> open(const std::filesystem::path& folder,
                                                                std::size_t cache_mib, bool create);

  [[nodiscard]] std::unique_ptr<ordered_kv::kv_view> snapshot() override;
  [[nodiscard]] std::unique_ptr<ordered_kv::kv_view> latest() override;
  [[nodiscard]] std::unique_ptr<ordered_kv::kv_batch> new_batch() override;
  [[nodiscard]] result<void> write(ordered_kv::kv_batch& batch,
                                   ordered_kv::write_mode mode) override;
  [[nodiscard]] result<void> sync() override;

 private:
  enum class state { good, disk_was_full, failed };

  leveldb_kv(std::filesystem::path folder, std::size_t cache_mib);
  result<void> append(::leveldb::WriteBatch& batch, bool synced, std::string_view doing);
  [[nodiscard]] std::unexpected<error> failed_by_full_disk() const;

  std::filesystem::path folder_;
  // What the database uses until it is closed.
  leveldb_env env_;
  std::unique_ptr<::leveldb::Logger> log_;
  std::unique_ptr<::leveldb::Cache> cache_;
  std::unique_ptr<const ::leveldb::FilterPolicy> filter_;
  std::unique_ptr<::leveldb::DB> database_;
  std::mutex appending_;
  state state_ = state::good;  ///< under appending_
};

}  // namespace keelson::backends::leveldb
