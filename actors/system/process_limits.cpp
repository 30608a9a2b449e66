#include "actors/system/process_limits.hpp"

#include <tuple>

#include <sched.h>
#include <sys/resource.h>

namespace keelson::system {

std::uint64_t raise_descriptor_limit() noexcept {
  rlimit limit{};
  constexpr std::uint64_t usual = 1024;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return usual;
  const auto soft = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : soft;
}

void let_threads_finish() noexcept {
  const sched_param none{};
  std::ignore = ::sched_setscheduler(0, SCHED_BATCH, &none);  // refused: as any other process
}

}  // namespace keelson::system
