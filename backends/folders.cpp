#include "backends/folders.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace keelson::backends {

namespace {

namespace fs = std::filesystem;

std::unexpected<error> cannot(std::string_view what, const fs::path& path, std::error_code why) {
  return fail(errc::store_io, "cannot " + std::string(what) + " the folder " + path.string() +
                                  ": " + why.message());
}

}  // namespace

result<void> sync_folder(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const std::error_code failure(errno, std::generic_category());
  if (descriptor >= 0) ::close(descriptor);
  if (!synced) return cannot("sync", path, failure);
  return {};
}

result<void> make_folder(const fs::path& path) {
  std::vector<fs::path> missing;
  std::error_code failure;
  for (auto at = path; !at.empty() && !fs::exists(at, failure); at = at.parent_path()) {
    missing.push_back(at);
  }
  for (; !missing.empty(); missing.pop_back()) {
    const auto& folder = missing.back();
    fs::create_directory(folder, failure);
    if (failure) return cannot("make", folder, failure);
    const auto parent = folder.has_parent_path() ? folder.parent_path() : fs::path(".");
    if (auto synced = sync_folder(parent); !synced) return synced;
  }
  return {};
}

}  // namespace keelson::backends
