#include "backends/whole_file.hpp"

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <unistd.h>

#include "backends/folders.hpp"

namespace keelson::backends {

namespace {

std::unexpected<error> io_failure(const std::filesystem::path& path) {
  const auto code = errno == ENOSPC || errno == EDQUOT ? errc::storage_full : errc::store_io;
  return fail(code, "cannot write " + path.string() + ": " + std::strerror(errno));
}

}  // namespace

result<whole_file> whole_file::begin(std::filesystem::path path) {
  auto temporary = path;
  temporary += ".new";
  std::FILE* const file = std::fopen(temporary.c_str(), "wbe");
  if (file == nullptr) return io_failure(temporary);
  return whole_file(std::move(path), std::move(temporary), file);
}

whole_file::~whole_file() {
  if (!file_) return;
  file_.reset();
  ::unlink(temporary_.c_str());
}

result<void> whole_file::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size())
    return io_failure(temporary_);
  return {};
}

result<void> whole_file::sync() {
  if (std::fflush(file_.get()) != 0 || ::fsync(descriptor()) != 0) return io_failure(temporary_);
  return {};
}

result<void> whole_file::finish() {
  if (auto synced = sync(); !synced) return synced;
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) return io_failure(path_);
  file_.reset();
  return sync_folder(path_.parent_path());
}

}  // namespace keelson::backends
