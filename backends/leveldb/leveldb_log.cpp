#include "backends/leveldb/leveldb_log.hpp"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include <spdlog/spdlog.h>

namespace keelson::backends::leveldb {

namespace {

class forwarding_log final : public ::leveldb::Logger {
 public:
  explicit forwarding_log(std::string folder) : folder_(std::move(folder)) {}

  void Logv(const char* format, va_list arguments) override {
    std::array<char, 1024> line{};
    const int length = std::vsnprintf(line.data(), line.size(), format, arguments);
    if (length <= 0) return;
    std::string_view text(line.data(), std::min<std::size_t>(length, line.size() - 1));
    while (text.ends_with('\n')) text.remove_suffix(1);
    // The library has no levels; these are the words of its faults.
    const bool fault = text.find("rror") != text.npos || text.find("orrupt") != text.npos;
    spdlog::log(fault ? spdlog::level::warn : spdlog::level::debug,
                "component=leveldb folder={:?} message={:?}", folder_, text);
  }

 private:
  std::string folder_;
};

}  // namespace

std::unique_ptr<::leveldb::Logger> process_log(const std::filesystem::path& folder) {
  return std::make_unique<forwarding_log>(folder.string());
}

}  // namespace keelson::backends::leveldb
