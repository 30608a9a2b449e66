#include "config/small_file.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keelson::config {

namespace {

class descriptor {
 public:
  explicit descriptor(const std::string& path)
      : number_(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {}
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  int number_;
};

}  // namespace

result<std::string> read_small_file(const std::string& path, std::size_t most) {
  const auto refused = [](std::string why) {
    return fail(errc::invalid_parameter, std::move(why));
  };
  const auto not_readable = [&] {
    return refused(std::string("cannot be read: ") + std::strerror(errno));
  };
  const descriptor file(path);
  struct stat about {};
  if (file.number() < 0 || ::fstat(file.number(), &about) != 0) return not_readable();
  if (!S_ISREG(about.st_mode)) return refused("is not a file");
  std::string text(most + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto bytes = ::read(file.number(), text.data() + size, text.size() - size);
    if (bytes < 0) return not_readable();
    if (bytes == 0) break;
    size += static_cast<std::size_t>(bytes);
  }
  if (size > most) return refused("has more than " + std::to_string(most) + " bytes");
  text.resize(size);
  return text;
}

}  // namespace keelson::config
