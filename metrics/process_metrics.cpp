#include "metrics/process_metrics.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

namespace keelson::metrics {

namespace {

/// The fields of /proc/self/stat that are wanted, with their numbers in proc(5).
struct process_stat {
  std::uint64_t user_ticks = 0;      // 14
  std::uint64_t system_ticks = 0;    // 15
  std::uint64_t threads = 0;         // 20
  std::uint64_t start_ticks = 0;     // 22, since boot
  std::uint64_t virtual_bytes = 0;   // 23
  std::uint64_t resident_pages = 0;  // 24
};

std::optional<process_stat> read_stat() {
  std::ifstream in("/proc/self/stat");
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  // Field 2, the program's name in brackets, may hold anything; the rest are words and numbers.
  const auto bracket = line.rfind(')');
  if (bracket == std::string::npos) return std::nullopt;
  std::istringstream rest(line.substr(bracket + 1));
  process_stat stat;
  std::string field;
  for (int number = 3; number <= 24 && rest >> field; ++number) {
    const auto value = [&] { return std::strtoull(field.c_str(), nullptr, 10); };
    if (number == 14) stat.user_ticks = value();
    if (number == 15) stat.system_ticks = value();
    if (number == 20) stat.threads = value();
    if (number == 22) stat.start_ticks = value();
    if (number == 23) stat.virtual_bytes = value();
    if (number == 24) stat.resident_pages = value();
  }
  return stat;
}

/// When the machine started, in seconds since 1970.
double boot_time() {
  std::ifstream in("/proc/stat");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("btime ")) return std::strtod(line.c_str() + 6, nullptr);
  }
  return 0;
}

double seconds_of(std::uint64_t ticks) {
  static const auto ticks_a_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  return static_cast<double>(ticks) / ticks_a_second;
}

}  // namespace

process_metrics::process_metrics(registry& in)
    : resident_bytes_(in.add_gauge(
          {"keelson_process_resident_memory_bytes", "Memory of the process that is in RAM."})),
      virtual_bytes_(
          in.add_gauge({"keelson_process_virtual_memory_bytes", "Address space of the process."})),
      cpu_seconds_(in.add_counter({"keelson_process_cpu_seconds_total",
                                   "Processor time, user and system, of the process."})),
      open_descriptors_(
          in.add_gauge({"keelson_process_open_fds", "File descriptors that are open."})),
      most_descriptors_(
          in.add_gauge({"keelson_process_max_fds", "File descriptors that may be open."})),
      threads_(in.add_gauge({"keelson_process_threads", "Threads of the process."})),
      start_time_(in.add_gauge(
          {"keelson_process_start_time_seconds", "Start of the process, in seconds since 1970."})) {
  refresh();
}

void process_metrics::refresh() {
  const std::lock_guard lock(mutex_);
  if (const auto stat = read_stat()) {
    const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    resident_bytes_.set(static_cast<double>(stat->resident_pages) * page);
    virtual_bytes_.set(static_cast<double>(stat->virtual_bytes));
    threads_.set(static_cast<double>(stat->threads));
    const auto used = seconds_of(stat->user_ticks + stat->system_ticks);
    cpu_seconds_.add_fraction(std::max(0.0, used - cpu_seconds_.value()));
    if (start_time_.value() == 0) start_time_.set(boot_time() + seconds_of(stat->start_ticks));
  }
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    most_descriptors_.set(static_cast<double>(limit.rlim_cur));
  }
  std::error_code unreadable;
  const std::filesystem::directory_iterator descriptors("/proc/self/fd", unreadable);
  if (!unreadable) {
    // One of them is the folder's own, open for the count.
    open_descriptors_.set(static_cast<double>(std::distance(begin(descriptors), {})) - 1);
  } else if (unreadable.value() == EMFILE) {  // to compare categories, UBSan needs a descriptor
    open_descriptors_.set(most_descriptors_.value());
  }
}

}  // namespace keelson::metrics
