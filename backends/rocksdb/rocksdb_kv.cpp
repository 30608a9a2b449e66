#include "backends/rocksdb/rocksdb_kv.hpp"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include <rocksdb/write_batch.h>

#include "backends/rocksdb/rocksdb_status.hpp"

namespace keelson::backends::rocksdb {

namespace {

using ordered_kv::direction;
using ordered_kv::key_range;
using ordered_kv::pair_visitor;
using ordered_kv::step;
using ordered_kv::value_sink;
using ordered_kv::write_mode;

::rocksdb::Slice slice_of(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

std::string_view view_of_bytes(const ::rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

/// What one MultiGet needs, kept from one to the next. The values pin blocks of the cache, so they
/// are let go at the end of each.
struct get_scratch {
  std::vector<::rocksdb::Slice> keys;
  std::vector<::rocksdb::PinnableSlice> values;
  std::vector<::rocksdb::Status> statuses;

  void prepare(std::span<const std::string_view> wanted) {
    keys.clear();
    for (const auto key : wanted) keys.push_back(slice_of(key));
    if (values.size() < wanted.size()) values.resize(wanted.size());
    statuses.assign(wanted.size(), {});
  }
  void release(std::size_t used) {
    for (std::size_t i = 0; i < used; ++i) values[i].Reset();
  }
};

class rocksdb_view final : public ordered_kv::kv_view {
 public:
  rocksdb_view(::rocksdb::DB& database, const ::rocksdb::Snapshot* snapshot)
      : database_(database), snapshot_(snapshot) {}
  ~rocksdb_view() override {
    if (snapshot_ != nullptr) database_.ReleaseSnapshot(snapshot_);
  }
  rocksdb_view(const rocksdb_view&) = delete;
  rocksdb_view& operator=(const rocksdb_view&) = delete;

  result<void> get(std::span<const std::string_view> keys, const value_sink& sink) override {
    ::rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    thread_local get_scratch scratch;
    scratch.prepare(keys);
    database_.MultiGet(options, database_.DefaultColumnFamily(), keys.size(), scratch.keys.data(),
                       scratch.values.data(), scratch.statuses.data());
    auto taken = hand_over(scratch, sink);
    scratch.release(keys.size());
    return taken;
  }

  result<void> visit(const key_range& range, direction order, const pair_visitor& visit) override {
    if (!range.end.empty() && range.first >= range.end) return {};
    const auto lower = slice_of(range.first);
    const auto upper = slice_of(range.end);
    ::rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    options.iterate_lower_bound = &lower;
    if (!range.end.empty()) options.iterate_upper_bound = &upper;
    options.fill_cache = false;  // a pass over everything must not push out what is asked for often
    const std::unique_ptr<::rocksdb::Iterator> at(database_.NewIterator(options));
    const bool forward = order == direction::forward;
    forward ? at->Seek(lower) : at->SeekToLast();
    while (at->Valid()) {
      const auto next = visit(view_of_bytes(at->key()), view_of_bytes(at->value()));
      if (!next) return std::unexpected(next.error());
      if (*next == step::stop) return {};
      forward ? at->Next() : at->Prev();
    }
    if (!at->status().ok()) return failed("reading a range", at->status());
    return {};
  }

 private:
  static result<void> hand_over(const get_scratch& scratch, const value_sink& sink) {
    for (std::size_t i = 0; i < scratch.keys.size(); ++i) {
      const auto& status = scratch.statuses[i];
      if (status.IsNotFound()) continue;
      if (!status.ok()) return failed("reading", status);
      if (auto taken = sink(i, view_of_bytes(scratch.values[i])); !taken) return taken;
    }
    return {};
  }

  ::rocksdb::DB& database_;
  const ::rocksdb::Snapshot* snapshot_;
};

/// Keeps the first failure until the batch is written.
class rocksdb_batch final : public ordered_kv::kv_batch {
 public:
  void clear() override {
    batch_.Clear();
    status_ = {};
  }
  void put(std::string_view key, std::string_view value) override {
    keep(batch_.Put(slice_of(key), slice_of(value)));
  }
  void remove(std::string_view key) override { keep(batch_.Delete(slice_of(key))); }

  ::rocksdb::Status write_to(::rocksdb::DB& database, const ::rocksdb::WriteOptions& options) {
    return status_.ok() ? database.Write(options, &batch_) : status_;
  }

 private:
  void keep(::rocksdb::Status status) {
    if (status_.ok()) status_ = std::move(status);
  }

  ::rocksdb::WriteBatch batch_;
  ::rocksdb::Status status_;
};

}  // namespace

rocksdb_kv::rocksdb_kv(std::unique_ptr<::rocksdb::DB> database) : database_(std::move(database)) {}

rocksdb_kv::~rocksdb_kv() {
  // Nothing is asked of a database that failed but to close.
  if (disk_was_full_) return;
  // Everything that has to last is in the log, so a failure here costs the next start some time
  // and nothing else.
  database_->Flush({}).PermitUncheckedError();
  database_->Close().PermitUncheckedError();
}

std::unique_ptr<ordered_kv::kv_view> rocksdb_kv::snapshot() {
  return std::make_unique<rocksdb_view>(*database_, database_->GetSnapshot());
}

std::unique_ptr<ordered_kv::kv_view> rocksdb_kv::latest() {
  return view_of(*database_);
}

std::unique_ptr<ordered_kv::kv_batch> rocksdb_kv::new_batch() {
  return std::make_unique<rocksdb_batch>();
}

result<void> rocksdb_kv::write(ordered_kv::kv_batch& batch, write_mode mode) {
  if (disk_was_full_) return failed_by_full_disk();
  ::rocksdb::WriteOptions options;
  options.sync = mode == write_mode::synced;
  const auto status = static_cast<rocksdb_batch&>(batch).write_to(*database_, options);
  if (status.ok()) return {};
  if (is_out_of_space(status)) disk_was_full_ = true;
  return failed("writing", status);
}

/// The database does not go on after a write that found no room: its log ends in half a record.
/// (It could be told to, but RocksDB 7.8 then runs into an assertion, which Debian compiles in.)
/// Opening it anew drops the half record.
std::unexpected<error> rocksdb_kv::failed_by_full_disk() const {
  constexpr std::uintmax_t enough = std::uintmax_t{16} << 20;
  std::error_code unknown;
  const auto room = std::filesystem::space(database_->GetName(), unknown);
  if (unknown || room.available < enough) {
    return fail(errc::storage_full, "the disk beneath the RocksDB database is full");
  }
  return fail(errc::store_io,
              "the disk was full and has room again: the RocksDB database has to "
              "be opened anew");
}

result<void> rocksdb_kv::sync() {
  const auto status = database_->FlushWAL(true);
  if (status.ok()) return {};
  return failed("syncing", status);
}

std::unique_ptr<ordered_kv::kv_view> view_of(::rocksdb::DB& database) {
  return std::make_unique<rocksdb_view>(database, nullptr);
}

}  // namespace keelson::backends::rocksdb
