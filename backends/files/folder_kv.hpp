#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "backends/file_lock.hpp"
#include "backends/files/collection_files.hpp"
#include "backends/files/collection_usage.hpp"
#include "backends/memory/memory_kv.hpp"

namespace keelson::backends::files {

/// An opened folder. Everything is in memory, too. What is written goes into the files at sync(),
/// in an order that survives a crash at any point: what changed into `.keelson/journal`, then the
/// files of the collections, then our own rows, then the journal is removed. Opening does what a
/// journal that is there says. A snapshot looks whether a file was changed by somebody else, and
/// reads it again if so; what was written and not synced yet stays.
class folder_kv final : public ordered_kv::kv_engine {
 public:
  /// `fresh` says that nothing of ours is there yet. store_corrupt if what is in `.keelson/` is
  /// damaged or missing.
  [[nodiscard]] static result<std::shared_ptr<folder_kv>> open(const std::filesystem::path& folder,
                                                               file_lock lock, bool fresh);
  /// Syncs, unless that failed before.
  ~folder_kv() override;
  folder_kv(const folder_kv&) = delete;
  folder_kv& operator=(const folder_kv&) = delete;

  [[nodiscard]] std::unique_ptr<ordered_kv::kv_view> snapshot() override;
  [[nodiscard]] std::unique_ptr<ordered_kv::kv_view> latest() override { return rows_.latest(); }
  [[nodiscard]] std::unique_ptr<ordered_kv::kv_batch> new_batch() override;
  /// storage_full for a collection that would not fit into a file.
  [[nodiscard]] result<void> write(ordered_kv::kv_batch& batch,
                                   ordered_kv::write_mode mode) override;
  [[nodiscard]] result<void> sync() override;

 private:
  /// Rows by their keys; absent: removed.
  using changes = std::map<std::string, std::optional<std::string>>;
  class batch_of_changes;

  folder_kv(const std::filesystem::path& folder, file_lock lock);
  // All of these under mutex_.
  result<void> load_own(bool fresh);
  result<void> refresh();
  result<void> reload(const std::string& collection);
  result<void> take(const changes& these, collection_usage& usage);
  result<void> sync_all();
  result<void> still_ours() const;
  result<void> write_journal() const;
  result<void> fold();
  [[nodiscard]] result<std::vector<document>> documents_of(const std::string& collection);

  std::filesystem::path folder_;
  file_lock lock_;
  collection_files files_;
  std::mutex mutex_;
  memory::memory_kv rows_;
  std::map<std::string, collection_files::state> known_;
  collection_usage usage_;
  changes unsynced_;
  bool failed_ = false;
};

}  // namespace keelson::backends::files
