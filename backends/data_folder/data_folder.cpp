#include "backends/data_folder/data_folder.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "backends/whole_file.hpp"

namespace keelson::backends {

namespace {

constexpr const char* lock_name = "keelson.lock";
constexpr const char* id_name = "keelson.id";

constexpr const char* another_folder = "; give a folder that this user may write with --data";

std::unexpected<error> io_failure(const std::filesystem::path& path, const char* what) {
  const auto code = errno == ENOSPC ? errc::storage_full : errc::store_io;
  return fail(code, std::string(what) + " " + path.string() + ": " + std::strerror(errno));
}

}  // namespace

result<data_folder> data_folder::open(const std::filesystem::path& path) {
  std::error_code problem;
  if (std::filesystem::exists(path, problem) && !std::filesystem::is_directory(path, problem)) {
    return fail(errc::store_io, "the data folder " + path.string() +
                                    " is a file; give a folder, or the name of a new one, with "
                                    "--data");
  }
  std::filesystem::create_directories(path, problem);
  if (problem) {
    return fail(errc::store_io, "cannot make the data folder " + path.string() + ": " +
                                    problem.message() + another_folder);
  }
  const auto lock_path = path / lock_name;
  const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) {
    auto problem_there = io_failure(lock_path, "cannot open");
    problem_there.error().detail += another_folder;
    return problem_there;
  }
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return fail(errc::unavailable, "the data folder " + path.string() +
                                       " is in use by another keelson; stop it, or give this one "
                                       "a folder of its own with --data");
  }
  return data_folder(path, lock);
}

data_folder::data_folder(data_folder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

data_folder& data_folder::operator=(data_folder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

data_folder::~data_folder() {
  if (lock_ >= 0) ::close(lock_);
}

result<std::optional<std::string>> data_folder::log_id() const {
  const auto file = path_ / id_name;
  if (!std::filesystem::exists(file)) return std::nullopt;
  std::ifstream in(file);
  std::string id;
  if (!std::getline(in, id) || id.size() != 36) {
    return fail(errc::store_corrupt,
                file.string() +
                    " does not hold the id of a log. If the primary is this folder's "
                    "own, remove the file: it is written anew from the primary");
  }
  return id;
}

result<void> data_folder::set_log_id(const std::string& id) const {
  auto file = whole_file::begin(path_ / id_name);
  if (!file) return pass_on(std::move(file));
  if (auto written = file->write(id + "\n"); !written) return written;
  return file->finish();
}

}  // namespace keelson::backends
