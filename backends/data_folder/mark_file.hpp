#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "protocols/model/error.hpp"
#include "protocols/model/log_record.hpp"

namespace keelson::backends {

/// The service's own memory of its last acknowledged point, outside the primary: if the primary
/// does not know it any more, committed history was lost or replaced. Two slots of 128 bytes, each
/// with a counter and a SHA-256 over its content, are written in turn, so that a torn write leaves
/// the other one. A missing or damaged file is no evidence of anything.
class mark_file {
 public:
  /// What the file at `path` remembers.
  [[nodiscard]] static std::optional<log_point> read(const std::filesystem::path& path);
  /// Opens for writing; makes a missing file.
  [[nodiscard]] static result<mark_file> open(const std::filesystem::path& path);

  mark_file(mark_file&&) noexcept;
  mark_file& operator=(mark_file&&) noexcept;
  ~mark_file();

  /// Remembers a point; not synced.
  [[nodiscard]] result<void> write(const log_point& point);
  [[nodiscard]] result<void> sync();

 private:
  explicit mark_file(int file, std::uint64_t counter) : file_(file), counter_(counter) {}
  int file_ = -1;
  std::uint64_t counter_ = 0;
  bool dirty_ = false;
};

}  // namespace keelson::backends
