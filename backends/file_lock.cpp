#include "backends/file_lock.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keelson::backends {

namespace {

std::string lock_name(const std::filesystem::path& store) {
  return store.native() + "-lock";
}

}  // namespace

result<file_lock> file_lock::acquire(const std::filesystem::path& store) {
  const auto name = lock_name(store);
  const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    const std::error_code why(errno, std::generic_category());
    return fail(errc::store_io, "cannot open " + name + ": " + why.message());
  }
  file_lock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return fail(errc::unavailable, store.string() + " is open for writing elsewhere");
  }
  return lock;
}

bool file_lock::is_beside(const std::filesystem::path& store) const {
  struct stat held {};
  struct stat there {};
  return ::fstat(descriptor_, &held) == 0 && ::stat(lock_name(store).c_str(), &there) == 0 &&
         held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

file_lock::~file_lock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

file_lock::file_lock(file_lock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

}  // namespace keelson::backends
