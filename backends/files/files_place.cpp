#include "backends/files/files_place.hpp"

#include <string>
#include <system_error>
#include <utility>

#include "backends/mark_text.hpp"

namespace keelson::backends::files {

namespace {

namespace fs = std::filesystem;

std::unexpected<error> cannot_look(const fs::path& path, std::error_code why) {
  return fail(errc::store_io, "cannot look at " + path.string() + ": " + why.message());
}

place foreign(std::string reason) {
  return {.what = place::kind::foreign, .reason = std::move(reason)};
}

}  // namespace

result<place> look_at(const fs::path& folder) {
  std::error_code failure;
  const auto what = fs::status(folder, failure);
  if (what.type() == fs::file_type::not_found) return place{};
  if (failure) return cannot_look(folder, failure);
  if (what.type() != fs::file_type::directory) return foreign("not a folder");

  auto mark = mark_text::read(mark_file(folder));
  if (!mark && mark.error().code == errc::store_foreign) {
    return foreign(std::move(mark).error().detail);
  }
  if (!mark) return pass_on(std::move(mark));
  if (*mark) {
    return place{.what = place::kind::ours, .owner = (*mark)->owner, .format = (*mark)->format};
  }
  // The first files of a collection come after the mark.
  fs::directory_iterator at(folder, failure);
  for (; !failure && at != fs::directory_iterator(); at.increment(failure)) {
    const auto name = at->path().filename().string();
    if (name != own_folder(folder).filename()) {
      return foreign("a folder without our mark that holds '" + name + "'");
    }
  }
  if (failure) return cannot_look(folder, failure);
  return place{};
}

}  // namespace keelson::backends::files
