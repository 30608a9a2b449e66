#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>

#include "protocols/model/error.hpp"

namespace keelson::backends {

/// A file that gets its name only when it is whole: written as NAME.new, synced, renamed. What
/// had the name before stays until then. Failures are store_io or storage_full.
class whole_file {
 public:
  [[nodiscard]] static result<whole_file> begin(std::filesystem::path path);
  whole_file(whole_file&&) noexcept = default;
  whole_file& operator=(whole_file&&) noexcept = default;
  /// Removes what was not finished.
  ~whole_file();

  [[nodiscard]] result<void> write(std::string_view bytes);
  /// Everything is in the file, and lasting but for its name.
  [[nodiscard]] result<void> sync();
  [[nodiscard]] result<void> finish();
  /// Of the open file, until it is finished.
  [[nodiscard]] int descriptor() const { return ::fileno(file_.get()); }

 private:
  struct closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  whole_file(std::filesystem::path path, std::filesystem::path temporary, std::FILE* file)
      : path_(std::move(path)), temporary_(std::move(temporary)), file_(file) {}

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::unique_ptr<std::FILE, closer> file_;
};

}  // namespace keelson::backends
