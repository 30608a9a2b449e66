#include "actors/place_watch.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>

#include <sys/stat.h>

#include "backends/location.hpp"

namespace keelson::actors {

place_watch::place_watch(const backends::store_location& location) {
  const auto engine = backends::engine_for(location.url);
  if (!engine || (*engine)->served) return;
  backends::store_location bare = location;
  bare.url.resize(std::min(bare.url.find('?'), bare.url.size()));
  if (auto path = backends::file_path(bare)) {
    path_ = *std::move(path);
    opened_ = look();
  }
}

result<void> place_watch::check() const {
  if (!opened_) return {};
  const auto now = look();
  if (now == opened_) return {};
  const std::string_view what = !now                ? " was removed"
                                : now->empty_folder ? " was emptied"
                                                    : " was replaced";
  return fail(errc::store_io, path_.string().append(what) + " while the store was open");
}

std::optional<place_watch::identity> place_watch::look() const {
  struct stat found {};
  if (::stat(path_.c_str(), &found) != 0) return std::nullopt;
  std::error_code unreadable;
  const bool empty =
      S_ISDIR(found.st_mode) && std::filesystem::is_empty(path_, unreadable) && !unreadable;
  return identity{found.st_dev, found.st_ino, empty};
}

}  // namespace keelson::actors
