#include "metrics/logging.hpp"

#include <memory>
#include <string>

#include <spdlog/formatter.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "protocols/model/clock.hpp"
#include "protocols/model/log_text.hpp"

namespace keelson::metrics {

namespace {

/// spdlog's patterns do not escape, so an object is written by hand.
class json_formatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& event, spdlog::memory_buf_t& out) override {
    const auto since_epoch =
        std::chrono::duration_cast<std::chrono::microseconds>(event.time.time_since_epoch());
    std::string line = R"({"time":")";
    append_rfc3339(line, {since_epoch.count()});
    const auto level = spdlog::level::to_string_view(event.level);
    line += R"(","level":")";
    line.append(level.data(), level.size());
    line += '"';
    const std::string_view said(event.payload.data(), event.payload.size());
    line += log_members(said).value_or(",\"message\":" + log_quoted(said));
    line += "}\n";
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<json_formatter>();
  }
};

spdlog::level::level_enum level_of(log_level level) {
  switch (level) {
    case log_level::debug:
      return spdlog::level::debug;
    case log_level::info:
      return spdlog::level::info;
    case log_level::warning:
      return spdlog::level::warn;
    case log_level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

void start_logging(log_level level, log_format format) {
  auto logger = std::make_shared<spdlog::logger>("keelson",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  if (format == log_format::json) {
    logger->set_formatter(std::make_unique<json_formatter>());
  } else {
    logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "time=%Y-%m-%dT%H:%M:%S.%fZ level=%l %v", spdlog::pattern_time_type::utc));
  }
  logger->set_level(level_of(level));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

void set_log_level(log_level level) {
  spdlog::default_logger_raw()->set_level(level_of(level));
}

void flush_log() {
  spdlog::default_logger_raw()->flush();
}

void finish_logging() {
  spdlog::shutdown();
}

}  // namespace keelson::metrics
