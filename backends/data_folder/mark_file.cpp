#include "backends/data_folder/mark_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace keelson::backends {

namespace {

constexpr std::size_t epoch_bytes = 8;

/// The layout of a slot; numbers as the machine has them, since the file never leaves it.
struct slot {
  std::array<char, 8> magic;
  std::uint64_t counter;
  std::array<char, epoch_bytes> epoch;
  std::uint64_t sequence;
  hash256 chain;
  std::array<char, 32> reserved;
  hash256 checksum;
};
static_assert(sizeof(slot) == 128);

constexpr std::array<char, 8> magic{'k', 'l', 's', 'n', 'm', 'r', 'k', '1'};

hash256 checksum_of(const slot& s) {
  return hash_value({reinterpret_cast<const char*>(&s), offsetof(slot, checksum)});
}

/// The newer of the two good slots.
std::optional<slot> newest(int file) {
  std::optional<slot> best;
  for (int i = 0; i < 2; ++i) {
    slot s;
    if (::pread(file, &s, sizeof s, static_cast<off_t>(i * sizeof s)) != sizeof s) continue;
    if (s.magic != magic || s.checksum != checksum_of(s)) continue;
    if (!best || s.counter > best->counter) best = s;
  }
  return best;
}

std::unexpected<error> io_failure(const char* what) {
  return fail(errno == ENOSPC ? errc::storage_full : errc::store_io,
              std::string("the mark file: ") + what + ": " + std::strerror(errno));
}

}  // namespace

std::optional<log_point> mark_file::read(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  const auto found = newest(file);
  ::close(file);
  if (!found) return std::nullopt;
  const std::string epoch(found->epoch.data(), found->epoch.size());
  return log_point{{epoch, sequence{found->sequence}}, found->chain};
}

result<mark_file> mark_file::open(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return io_failure("cannot open");
  const auto found = newest(file);
  return mark_file(file, found ? found->counter : 0);
}

mark_file::mark_file(mark_file&& other) noexcept
    : file_(std::exchange(other.file_, -1)), counter_(other.counter_), dirty_(other.dirty_) {}

mark_file& mark_file::operator=(mark_file&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(counter_, other.counter_);
  std::swap(dirty_, other.dirty_);
  return *this;
}

mark_file::~mark_file() {
  if (file_ >= 0) ::close(file_);
}

result<void> mark_file::write(const log_point& point) {
  slot s{
      .magic = magic, .counter = ++counter_, .sequence = point.at.at.value, .chain = point.chain};
  std::memcpy(s.epoch.data(), point.at.epoch.data(), std::min(epoch_bytes, point.at.epoch.size()));
  s.checksum = checksum_of(s);
  const auto where = static_cast<off_t>((counter_ % 2) * sizeof s);
  if (::pwrite(file_, &s, sizeof s, where) != sizeof s) return io_failure("cannot write");
  dirty_ = true;
  return {};
}

result<void> mark_file::sync() {
  if (!dirty_) return {};
  if (::fdatasync(file_) != 0) return io_failure("cannot sync");
  dirty_ = false;
  return {};
}

}  // namespace keelson::backends
