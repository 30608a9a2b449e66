#include "protocols/client/durable_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace keelson::client {

namespace fs = std::filesystem;

namespace {

result<void> write_durably(const fs::path& path, const std::string& text) {
  const auto refuse = [&] {
    return fail(errc::store_io, "cannot write " + path.string() + ": " + std::strerror(errno));
  };
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return refuse();
  const auto sent = ::write(file, text.data(), text.size());
  const bool complete = sent == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  auto outcome = complete ? result<void>() : result<void>(refuse());
  if (::close(file) != 0 && outcome) outcome = refuse();
  return outcome;
}

}  // namespace

fs::path state_home() {
  if (const char* const set = std::getenv("XDG_STATE_HOME"); set != nullptr && *set != '\0')
    return set;
  const char* const home = std::getenv("HOME");
  return fs::path(home != nullptr ? home : "/tmp") / ".local" / "state";
}

result<void> replace_durably(const fs::path& path, const std::string& text) {
  std::error_code failed;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), failed);
  auto fresh = path;
  fresh += ".new";
  if (auto written = write_durably(fresh, text); !written) return written;
  fs::rename(fresh, path, failed);
  if (failed)
    return fail(errc::store_io, "cannot write " + path.string() + ": " + failed.message());
  return {};
}

}  // namespace keelson::client
