// Preloaded into a service, shows it a wall clock that a test sets while it runs; monotonic clocks
// go on as ever. tests/support/wall_clock.py has the other half. libfaketime cannot be used: it
// does not get along with jemalloc.

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

namespace {

/// Seconds that the clock is ahead of the machine's, shared with the test. Nothing on the way here
/// may allocate: an allocator asks for the time as well.
std::int64_t ahead() {
  static const std::atomic<std::int64_t>* const shared = [] {
    const int file = ::open(std::getenv("WALL_CLOCK"), O_RDONLY | O_CLOEXEC);
    void* const mapped = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    if (mapped == MAP_FAILED) std::abort();
    return static_cast<const std::atomic<std::int64_t>*>(mapped);
  }();
  return *shared;
}

/// Times of a monotonic clock count from the start of the machine.
bool is_wall_time(const timespec& time) {
  constexpr std::time_t year_2001 = 1'000'000'000;
  return time.tv_sec > year_2001;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const auto failed = static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
  if (failed == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    time->tv_sec += ahead();
  return failed;
}

extern "C" int gettimeofday(timeval* time, void*) noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  *time = {.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
  return 0;
}

extern "C" std::time_t time(std::time_t* into) noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  if (into != nullptr) *into = now.tv_sec;
  return now.tv_sec;
}

/// Waits until a moment of the clock that is shown.
extern "C" int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                      const timespec* until) {
  timespec moment = *until;
  const bool wall = is_wall_time(moment);
  if (wall) moment.tv_sec -= ahead();
  return ::pthread_cond_clockwait(condition, mutex, wall ? CLOCK_REALTIME : CLOCK_MONOTONIC,
                                  &moment);
}
