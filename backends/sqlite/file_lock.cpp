#include "backends/sqlite/file_lock.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace keelson::backends::sqlite {

result<file_lock> file_lock::acquire(const std::filesystem::path& database) {
  const std::string name = database.native() + "-lock";
  const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    const std::error_code why(errno, std::generic_category());
    return fail(errc::store_io, "cannot open " + name + ": " + why.message());
  }
  file_lock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return fail(errc::unavailable, database.string() + " is open for writing elsewhere");
  }
  return lock;
}

file_lock::~file_lock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

file_lock::file_lock(file_lock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

}  // namespace keelson::backends::sqlite
