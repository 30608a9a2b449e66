// Linked into the tests under ThreadSanitizer alone, which does not see that libspdlog.so makes its
// logger once and before the first use. Here that happens while there is one thread.
#include <spdlog/spdlog.h>

namespace {

[[maybe_unused]] const spdlog::logger* const logger = spdlog::default_logger_raw();

}  // namespace
