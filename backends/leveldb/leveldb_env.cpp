#include "backends/leveldb/leveldb_env.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "backends/folders.hpp"
#include "backends/leveldb/log_prefix.hpp"

namespace keelson::backends::leveldb {

namespace {

using ::leveldb::Slice;
using ::leveldb::Status;

/// The number of a log by its file name, such as 000017.log; absent for other files.
std::optional<std::uint64_t> log_number(std::string_view name) {
  constexpr std::string_view ending = ".log";
  if (!name.ends_with(ending)) return std::nullopt;
  name.remove_suffix(ending.size());
  std::uint64_t number = 0;
  const auto* const end = name.data() + name.size();
  const auto [read, failure] = std::from_chars(name.data(), end, number);
  if (failure != std::errc() || read != end) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> log_number_of_path(const std::string& path) {
  return log_number(std::filesystem::path(path).filename().string());
}

class synced_log final : public ::leveldb::WritableFile {
 public:
  synced_log(std::string path, std::unique_ptr<WritableFile> file,
             std::shared_ptr<std::atomic<bool>> failed)
      : path_(std::move(path)), file_(std::move(file)), failed_(std::move(failed)) {}
  ~synced_log() override { make_lasting(); }
  synced_log(const synced_log&) = delete;
  synced_log& operator=(const synced_log&) = delete;

  Status Append(const Slice& data) override {
    dirty_ = true;
    return file_->Append(data);
  }
  Status Flush() override { return file_->Flush(); }
  Status Sync() override {
    auto status = file_->Sync();
    if (status.ok() && !named_) {
      const auto folder = sync_folder(std::filesystem::path(path_).parent_path());
      if (!folder) status = Status::IOError(folder.error().detail);
      named_ = folder.has_value();
    }
    if (!status.ok()) *failed_ = true;
    dirty_ = !status.ok();
    return status;
  }
  Status Close() override {
    make_lasting();
    const auto closed = file_->Close();
    return *failed_ ? Status::IOError(path_, "the log could not be synced") : closed;
  }

 private:
  void make_lasting() {
    if (dirty_ && !*failed_) Sync();
    dirty_ = false;
  }

  std::string path_;
  std::unique_ptr<WritableFile> file_;
  std::shared_ptr<std::atomic<bool>> failed_;
  bool dirty_ = false;
  bool named_ = false;
};

class kept_bytes final : public ::leveldb::SequentialFile {
 public:
  explicit kept_bytes(std::string bytes) : bytes_(std::move(bytes)) {}

  Status Read(std::size_t most, Slice* out, char* scratch) override {
    const auto taken = std::min(most, bytes_.size() - at_);
    std::memcpy(scratch, bytes_.data() + at_, taken);
    *out = Slice(scratch, taken);
    at_ += taken;
    return {};
  }
  Status Skip(std::uint64_t bytes) override {
    at_ += static_cast<std::size_t>(std::min<std::uint64_t>(bytes, bytes_.size() - at_));
    return {};
  }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

bool is_newest_log(::leveldb::Env& files, const std::string& path, std::uint64_t number) {
  std::vector<std::string> names;
  if (!files.GetChildren(std::filesystem::path(path).parent_path().string(), &names).ok()) {
    return false;
  }
  return std::ranges::none_of(names, [&](const std::string& name) {
    const auto other = log_number(name);
    return other && *other > number;
  });
}

}  // namespace

Status leveldb_env::NewSequentialFile(const std::string& name, ::leveldb::SequentialFile** out) {
  const auto number = log_number_of_path(name);
  if (!number) return EnvWrapper::NewSequentialFile(name, out);
  std::string bytes;
  if (auto status = ::leveldb::ReadFileToString(target(), name, &bytes); !status.ok()) {
    return status;
  }
  const auto whole = intact_prefix(bytes);
  if (whole != bytes.size() && !is_newest_log(*target(), name, *number)) {
    return Status::Corruption(name, "damaged, and not the newest log");
  }
  bytes.resize(whole);
  *out = new kept_bytes(std::move(bytes));
  return {};
}

Status leveldb_env::NewWritableFile(const std::string& name, ::leveldb::WritableFile** out) {
  auto status = EnvWrapper::NewWritableFile(name, out);
  if (status.ok() && log_number_of_path(name)) {
    *out = new synced_log(name, std::unique_ptr<::leveldb::WritableFile>(*out), sync_failed_);
  }
  return status;
}

}  // namespace keelson::backends::leveldb
