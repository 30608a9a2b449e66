// Preloaded into a service, lets calls on the files of one folder hang as on a network file system
// whose server is gone, for as long as a test wants: tests/support/stall.py has the other half.

#include <atomic>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

namespace {

/// Shared with the test, which holds a lock on the file of it while calls are to hang.
struct control {
  std::atomic<std::uint32_t> on;
  std::atomic<std::uint32_t> hanging;  ///< calls
};

template <class Call>
Call next(const char* name) {
  return reinterpret_cast<Call>(::dlsym(RTLD_NEXT, name));
}

struct stall {
  std::string_view folder = std::getenv("STALL_FOLDER");
  const char* file = std::getenv("STALL_CONTROL");
  control* shared = nullptr;

  stall() {
    const int opened = next<int (*)(const char*, int, ...)>("open")(file, O_RDWR | O_CLOEXEC);
    void* const mapped =
        ::mmap(nullptr, sizeof(control), PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0);
    ::close(opened);
    if (mapped == MAP_FAILED) std::abort();
    shared = static_cast<control*>(mapped);
  }

  void pass(std::string_view path) {
    if (!path.starts_with(folder)) return;
    const int gate = next<int (*)(const char*, int, ...)>("open")(file, O_RDWR | O_CLOEXEC);
    ++shared->hanging;
    ::flock(gate, LOCK_SH);
    --shared->hanging;
    ::close(gate);
  }
};

stall& the_stall() {
  static stall only;
  return only;
}

void pass(const char* path) {
  if (the_stall().shared->on != 0) the_stall().pass(path);
}

void pass(int file) {
  if (the_stall().shared->on == 0) return;
  char path[4096];
  const auto length =
      ::readlink(("/proc/self/fd/" + std::to_string(file)).c_str(), path, sizeof path);
  if (length > 0) the_stall().pass({path, static_cast<std::size_t>(length)});
}

}  // namespace

#define STALLED(name, result, parameters, arguments)            \
  extern "C" result name parameters {                           \
    static const auto real = next<result(*) parameters>(#name); \
    pass(first);                                                \
    return real arguments;                                      \
  }

STALLED(read, ssize_t, (int first, void* to, size_t size), (first, to, size))
STALLED(pread, ssize_t, (int first, void* to, size_t size, off_t at), (first, to, size, at))
STALLED(pread64, ssize_t, (int first, void* to, size_t size, off64_t at), (first, to, size, at))
STALLED(write, ssize_t, (int first, const void* from, size_t size), (first, from, size))
STALLED(pwrite, ssize_t, (int first, const void* from, size_t size, off_t at),
        (first, from, size, at))
STALLED(pwrite64, ssize_t, (int first, const void* from, size_t size, off64_t at),
        (first, from, size, at))
STALLED(fsync, int, (int first), (first))
STALLED(fdatasync, int, (int first), (first))
STALLED(unlink, int, (const char* first), (first))
STALLED(rename, int, (const char* first, const char* to), (first, to))
STALLED(mkdir, int, (const char* first, mode_t mode), (first, mode))

#define STALLED_OPEN(name)                                                               \
  extern "C" int name(const char* path, int flags, ...) {                                \
    static const auto real = next<int (*)(const char*, int, ...)>(#name);                \
    va_list more;                                                                        \
    va_start(more, flags);                                                               \
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0; \
    va_end(more);                                                                        \
    pass(path);                                                                          \
    return real(path, flags, mode);                                                      \
  }

STALLED_OPEN(open)
STALLED_OPEN(open64)
