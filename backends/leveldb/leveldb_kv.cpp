#include "backends/leveldb/leveldb_kv.hpp"

#include <system_error>
#include <utility>

#include <leveldb/iterator.h>
#include <leveldb/write_batch.h>

#include "backends/leveldb/leveldb_log.hpp"
#include "backends/leveldb/leveldb_status.hpp"

namespace keelson::backends::leveldb {

namespace {

using ordered_kv::direction;
using ordered_kv::key_range;
using ordered_kv::pair_visitor;
using ordered_kv::step;
using ordered_kv::value_sink;
using ordered_kv::write_mode;

constexpr std::size_t mebibyte = std::size_t{1} << 20;

::leveldb::Slice slice_of(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

std::string_view view_of_bytes(const ::leveldb::Slice& slice) {
  return {slice.data(), slice.size()};
}

class leveldb_view final : public ordered_kv::kv_view {
 public:
  leveldb_view(::leveldb::DB& database, const ::leveldb::Snapshot* snapshot) : database_(database) {
    options_.snapshot = snapshot;
    options_.verify_checksums = true;
  }
  ~leveldb_view() override {
    if (options_.snapshot != nullptr) database_.ReleaseSnapshot(options_.snapshot);
  }
  leveldb_view(const leveldb_view&) = delete;
  leveldb_view& operator=(const leveldb_view&) = delete;

  result<void> get(std::span<const std::string_view> keys, const value_sink& sink) override {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto status = database_.Get(options_, slice_of(keys[i]), &value_);
      if (status.IsNotFound()) continue;
      if (!status.ok()) return failed("reading", status);
      if (auto taken = sink(i, value_); !taken) return taken;
    }
    return {};
  }

  result<void> visit(const key_range& range, direction order, const pair_visitor& visit) override {
    if (!range.end.empty() && range.first >= range.end) return {};
    auto options = options_;
    options.fill_cache = false;  // a pass over everything must not push out what is asked for often
    const std::unique_ptr<::leveldb::Iterator> at(database_.NewIterator(options));
    const bool forward = order == direction::forward;
    forward ? at->Seek(slice_of(range.first)) : seek_before(*at, range.end);
    while (at->Valid() && contains(range, view_of_bytes(at->key()))) {
      const auto next = visit(view_of_bytes(at->key()), view_of_bytes(at->value()));
      if (!next) return std::unexpected(next.error());
      if (*next == step::stop) return {};
      forward ? at->Next() : at->Prev();
    }
    if (!at->status().ok()) return failed("reading a range", at->status());
    return {};
  }

 private:
  static bool contains(const key_range& range, std::string_view key) {
    return key >= range.first && (range.end.empty() || key < range.end);
  }
  static void seek_before(::leveldb::Iterator& at, std::string_view end) {
    if (end.empty()) return at.SeekToLast();
    at.Seek(slice_of(end));
    at.Valid() ? at.Prev() : at.SeekToLast();
  }

  ::leveldb::DB& database_;
  ::leveldb::ReadOptions options_;
  std::string value_;
};

class leveldb_batch final : public ordered_kv::kv_batch {
 public:
  void clear() override { batch_.Clear(); }
  void put(std::string_view key, std::string_view value) override {
    batch_.Put(slice_of(key), slice_of(value));
  }
  void remove(std::string_view key) override { batch_.Delete(slice_of(key)); }
  ::leveldb::WriteBatch& raw() { return batch_; }

 private:
  ::leveldb::WriteBatch batch_;
};

}  // namespace

leveldb_kv::leveldb_kv(std::filesystem::path folder, std::size_t cache_mib)
    : folder_(std::move(folder)),
      log_(process_log(folder_)),
      cache_(::leveldb::NewLRUCache(cache_mib * mebibyte)),
      filter_(::leveldb::NewBloomFilterPolicy(10)) {}

result<std::shared_ptr<leveldb_kv>> leveldb_kv::open(const std::filesystem::path& folder,
                                                     std::size_t cache_mib, bool create) {
  std::shared_ptr<leveldb_kv> made(new leveldb_kv(folder, cache_mib));
  ::leveldb::Options options;
  options.create_if_missing = create;
  options.paranoid_checks = true;
  options.env = &made->env_;
  options.info_log = made->log_.get();
  options.block_cache = made->cache_.get();
  options.filter_policy = made->filter_.get();
  options.write_buffer_size = 16 * mebibyte;
  options.max_file_size = 8 * mebibyte;
  options.max_open_files = 512;
  ::leveldb::DB* raw = nullptr;
  const auto status = ::leveldb::DB::Open(options, folder.string(), &raw);
  if (!status.ok()) return failed("opening", status);
  made->database_.reset(raw);
  return made;
}

std::unique_ptr<ordered_kv::kv_view> leveldb_kv::snapshot() {
  return std::make_unique<leveldb_view>(*database_, database_->GetSnapshot());
}

std::unique_ptr<ordered_kv::kv_view> leveldb_kv::latest() {
  return std::make_unique<leveldb_view>(*database_, nullptr);
}

std::unique_ptr<ordered_kv::kv_batch> leveldb_kv::new_batch() {
  return std::make_unique<leveldb_batch>();
}

result<void> leveldb_kv::write(ordered_kv::kv_batch& batch, write_mode mode) {
  return append(static_cast<leveldb_batch&>(batch).raw(), mode == write_mode::synced, "writing");
}

/// A write of nothing, synced, syncs the log with all that is before it.
result<void> leveldb_kv::sync() {
  ::leveldb::WriteBatch nothing;
  return append(nothing, true, "syncing");
}

/// After a write that failed, the log may end in a part of it, and what came behind that could not
/// be read again. So nothing is written any more; opening the database anew drops the part.
result<void> leveldb_kv::append(::leveldb::WriteBatch& batch, bool synced, std::string_view doing) {
  const std::scoped_lock alone(appending_);
  if (state_ == state::disk_was_full) return failed_by_full_disk();
  if (state_ == state::failed) {
    return fail(errc::store_io, "a write failed: the LevelDB database has to be opened anew");
  }
  ::leveldb::WriteOptions options;
  options.sync = synced;
  const auto status = database_->Write(options, &batch);
  if (env_.sync_failed()) {
    state_ = state::failed;
    return fail(errc::store_io, "LevelDB, " + std::string(doing) + ": the log was not synced");
  }
  if (status.ok()) return {};
  state_ = is_out_of_space(status) ? state::disk_was_full : state::failed;
  return failed(doing, status);
}

std::unexpected<error> leveldb_kv::failed_by_full_disk() const {
  constexpr std::uintmax_t enough = 32 * mebibyte;
  std::error_code unknown;
  const auto room = std::filesystem::space(folder_, unknown);
  if (unknown || room.available < enough) {
    return fail(errc::storage_full, "the disk beneath the LevelDB database is full");
  }
  return fail(errc::store_io,
              "the disk was full and has room again: the LevelDB database has to be opened anew");
}

}  // namespace keelson::backends::leveldb
