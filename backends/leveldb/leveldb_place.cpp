#include "backends/leveldb/leveldb_place.hpp"

#include <string>
#include <system_error>
#include <utility>

#include "backends/mark_text.hpp"

namespace keelson::backends::leveldb {

namespace {

namespace fs = std::filesystem;

std::unexpected<error> cannot(std::string_view what, const fs::path& path, std::error_code why) {
  return fail(errc::store_io,
              "cannot " + std::string(what) + " " + path.string() + ": " + why.message());
}

place foreign(std::string reason) {
  return {.what = place::kind::foreign, .reason = std::move(reason)};
}

/// Whether a file may be left of a creation that was cut short before there was a CURRENT file. The
/// mark comes first, data later and in other files.
bool is_left_of_creation(const fs::directory_entry& entry) {
  std::error_code ignored;
  if (!entry.is_regular_file(ignored)) return false;
  const auto name = entry.path().filename().string();
  return name == mark_name || name == std::string(mark_name) + ".new" || name == "LOCK" ||
         name.starts_with("MANIFEST-") || name.ends_with(".dbtmp");
}

/// What a folder without a CURRENT file is.
result<place> look_at_files(const fs::path& folder, bool marked) {
  std::error_code failure;
  fs::directory_iterator at(folder, failure);
  for (; !failure && at != fs::directory_iterator(); at.increment(failure)) {
    const auto name = at->path().filename().string();
    if (marked && !is_left_of_creation(*at)) {
      return foreign("a LevelDB database without its CURRENT file, but with '" + name + "'");
    }
    if (!marked && name != std::string(mark_name) + ".new") {
      return foreign("a folder that is no LevelDB database and holds '" + name + "'");
    }
  }
  if (failure) return cannot("list", folder, failure);
  return place{};
}

}  // namespace

bool has_database(const fs::path& path) {
  std::error_code failure;
  return fs::exists(path / "CURRENT", failure);
}

result<place> look_at(const fs::path& path) {
  std::error_code failure;
  const auto what = fs::status(path, failure);
  if (what.type() == fs::file_type::not_found) return place{};
  if (failure) return cannot("look at", path, failure);
  if (what.type() != fs::file_type::directory) return foreign("not a folder");
  auto mark = mark_text::read(path / mark_name);
  if (!mark && mark.error().code == errc::store_foreign) {
    return foreign(std::move(mark).error().detail);
  }
  if (!mark) return pass_on(std::move(mark));
  if (!has_database(path)) return look_at_files(path, mark->has_value());
  if (!*mark) return foreign("a LevelDB database without our mark");
  return place{.what = place::kind::ours, .owner = (*mark)->owner, .format = (*mark)->format};
}

}  // namespace keelson::backends::leveldb
