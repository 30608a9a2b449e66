#include "backends/sqlite/sqlite_engine.hpp"

#include <filesystem>
#include <string>
#include <utility>

#include "backends/admission.hpp"
#include "backends/file_lock.hpp"
#include "backends/location.hpp"
#include "backends/sqlite/place.hpp"
#include "backends/sqlite/schema.hpp"
#include "backends/sqlite/sqlite_rows.hpp"
#include "backends/sqlite/sqlite_store.hpp"

namespace keelson::backends::sqlite {

namespace {

/// A link is followed, so that the files beside the database lie beside the real one.
result<std::filesystem::path> path_of(const store_location& location) {
  auto path = file_path(location);
  if (!path) return path;
  std::error_code unresolved;
  auto real = std::filesystem::weakly_canonical(*path, unresolved);
  return unresolved ? *path : real;
}

result<place> inspect(const store_location& location) {
  const auto file = path_of(location);
  if (!file) return std::unexpected(file.error());
  return inspect_file(*file);
}

/// Ours lies in tables of its own, beside what somebody else's database holds.
result<void> admit_to(const std::filesystem::path& file, const place& found, const ownership& owner,
                      foreign_policy policy) {
  return admit(file.string(), found, owner, policy, foreign_data::kept_apart);
}

result<void> prepare(const std::filesystem::path& file, const place& found, const ownership& owner,
                     std::string_view first_epoch) {
  if (found.what == place::kind::empty) return create_store(file, owner, first_epoch);
  if (found.what == place::kind::ours && found.owner == owner) return {};
  return adopt_store(file, found, owner, first_epoch);
}

result<std::shared_ptr<store>> open(const store_location& location, const ownership& owner,
                                    foreign_policy policy, std::string_view first_epoch) {
  const auto file = path_of(location);
  if (!file) return std::unexpected(file.error());
  // Once before the lock, whose file must not appear beside what is not ours, once under it.
  auto found = inspect_file(*file);
  if (!found) return pass_on(std::move(found));
  if (auto right = admit_to(*file, *found, owner, policy); !right) return pass_on(std::move(right));
  if (found->what == place::kind::empty) {
    std::error_code ignored;  // what is in the way shows when the lock is opened
    std::filesystem::create_directories(file->parent_path(), ignored);
  }
  // Not on the database itself: closing any descriptor of that file drops the POSIX locks that
  // SQLite holds on it in this process. Not SQLite's exclusive mode: readers have their own
  // connections.
  auto lock = file_lock::acquire(*file);
  if (!lock) return pass_on(std::move(lock));
  found = inspect_file(*file);
  if (!found) return pass_on(std::move(found));
  if (auto right = admit_to(*file, *found, owner, policy); !right) return pass_on(std::move(right));
  if (auto done = prepare(*file, *found, owner, first_epoch); !done) {
    return pass_on(std::move(done));
  }
  return sqlite_store::open(*file, owner.role, std::move(*lock));
}

}  // namespace

const engine& sqlite_engine() {
  static constexpr engine described{
      .scheme = "sqlite",
      .url_form = "sqlite:PATH",
      .description = "one SQLite database file, readable with the sqlite3 tool",
      .abilities = abilities,
      .inspect = &inspect,
      .open = &open,
      .read_rows = &read_rows,
  };
  return described;
}

}  // namespace keelson::backends::sqlite
