#include "backends/memory/saved_place.hpp"

#include <utility>

#include <spdlog/spdlog.h>

#include "backends/memory/backup_file.hpp"
#include "protocols/model/log_text.hpp"

namespace keelson::backends::memory {

result<std::shared_ptr<memory_kv>> saved_place::open(const std::filesystem::path& file,
                                                     std::chrono::seconds every) {
  auto root = read_backup(file);
  if (!root) return pass_on(std::move(root));
  const std::shared_ptr<saved_place> made(new saved_place(file, *std::move(root), every));
  return std::shared_ptr<memory_kv>(made, &made->kv_);
}

saved_place::saved_place(std::filesystem::path file, tree root, std::chrono::seconds every)
    : file_(std::move(file)),
      saved_(root),
      kv_(std::move(root)),
      saver_([this, every](const std::stop_token& stop) { keep_saving(stop, every); }) {}

saved_place::~saved_place() {
  saver_.request_stop();
  saver_.join();
  save();
}

void saved_place::keep_saving(const std::stop_token& stop, std::chrono::seconds every) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    wake_.wait_for(lock, stop, every, [] { return false; });
    if (!stop.stop_requested()) save();
  }
}

void saved_place::save() {
  auto now = kv_.root();
  if (now == saved_) return;
  if (const auto written = write_backup(file_, now); !written) {
    spdlog::error("component=memory event=backup_failed reason={}",
                  log_quoted(written.error().detail));
    return;
  }
  saved_ = std::move(now);
}

}  // namespace keelson::backends::memory
