#include "backends/rocksdb/rocksdb_log.hpp"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include <spdlog/spdlog.h>

namespace keelson::backends::rocksdb {

namespace {

using ::rocksdb::InfoLogLevel;

class forwarding_log final : public ::rocksdb::Logger {
 public:
  explicit forwarding_log(std::string folder)
      : Logger(InfoLogLevel::WARN_LEVEL), folder_(std::move(folder)) {}

  /// The options, at each opening.
  void LogHeader(const char*, va_list) override {}

  using Logger::Logv;
  void Logv(InfoLogLevel level, const char* format, va_list arguments) override {
    std::array<char, 1024> line{};
    const int length = std::vsnprintf(line.data(), line.size(), format, arguments);
    if (length <= 0) return;
    std::string_view text(line.data(), std::min<std::size_t>(length, line.size() - 1));
    while (text.ends_with('\n')) text.remove_suffix(1);
    spdlog::log(level > InfoLogLevel::WARN_LEVEL ? spdlog::level::err : spdlog::level::warn,
                "component=rocksdb folder={:?} message={:?}", folder_, text);
  }

 private:
  std::string folder_;
};

}  // namespace

std::shared_ptr<::rocksdb::Logger> process_log(const std::filesystem::path& folder) {
  return std::make_shared<forwarding_log>(folder.string());
}

}  // namespace keelson::backends::rocksdb
