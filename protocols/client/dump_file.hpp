#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/model/error.hpp"

namespace keelson::client {

/// What is dumped from where. A state that names another source does not fit.
struct dump_source {
  std::string url;
  std::string log_id;
  std::string epoch;
  std::string collection;
  std::string prefix;
  std::string store;
  std::string form;

  bool operator==(const dump_source&) const = default;
};

/// How far a dump has come.
struct dump_progress {
  std::string after;  ///< the last key that was written; empty: none
  std::uint64_t documents = 0;
  std::uint64_t bytes = 0;  ///< of the file
  std::string from;         ///< position of the first page
};

/// The file of a dump. It grows as FILE.partial, with what was done in FILE.keelson-dump, so that
/// the same command goes on where one that was killed had come to; it gets its name when it is
/// whole. Pieces of a name that ends in .gz are gzip members, which together are a gzip file.
/// Failures are store_io or storage_full.
class dump_file {
 public:
  /// "-" writes to `out` and keeps nothing. invalid_parameter when FILE is there already.
  [[nodiscard]] static result<dump_file> open(const std::string& file, const dump_source& source,
                                              std::ostream& out);

  /// What an earlier run has done, or nothing.
  [[nodiscard]] const dump_progress& progress() const noexcept { return progress_; }
  /// Adds lines; `now.bytes` is counted here.
  [[nodiscard]] result<void> add(std::string_view lines, dump_progress now);
  [[nodiscard]] result<void> finish();
  /// Keeps what was done, for the same command to go on from.
  [[nodiscard]] result<void> keep();

 private:
  struct closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  dump_file(dump_source source, std::ostream& out) : source_(std::move(source)), out_(&out) {}

  dump_source source_;
  std::ostream* out_;
  std::filesystem::path path_;
  std::filesystem::path partial_;
  std::filesystem::path state_;
  std::unique_ptr<std::FILE, closer> file_;
  bool compressed_ = false;
  dump_progress progress_;
  std::uint64_t kept_bytes_ = 0;  ///< at the last state that was written
};

}  // namespace keelson::client
