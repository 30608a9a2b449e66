#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace keelson::testing {

/// A file with this text in a folder of its own, removed with the object.
class scratch_file {
 public:
  explicit scratch_file(std::string_view text) {
    std::string pattern = (std::filesystem::temp_directory_path() / "keelson-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no scratch folder");
    folder_ = pattern;
    std::ofstream(path()) << text;
  }
  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;
  ~scratch_file() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] std::string path() const { return (folder_ / "keelson.yaml").string(); }
  [[nodiscard]] std::string line(int number) const { return path() + ":" + std::to_string(number); }

 private:
  std::filesystem::path folder_;
};

}  // namespace keelson::testing
