#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/sources.hpp"

namespace keelson::config {

/// What tells that this process runs in a container, in words; empty if nothing does. `root` is
/// where the system's files are looked for.
[[nodiscard]] std::string container_sign(const environment& variables,
                                         const std::filesystem::path& root = "/");

/// The stores that a profile stands for, for those that nothing else names.
struct profile_plan {
  store_profile chosen = store_profile::none;  ///< never `automatic`
  std::string why;                             ///< of an automatic one; else empty
  std::vector<given> values;                   ///< of primary.url and secondaries
};

/// `primary` is the URL that another source gives to the primary. Fails with what is missing.
///
/// - local: SQLite and RocksDB in the data folder, whatever the variables of others say.
/// - remote: the primary of DATABASE_URL, else of MONGODB_URL; as secondaries those of REDIS_URL
/// and
///   MONGODB_URL. Nothing in the data folder.
/// - hybrid: the same with RocksDB in the data folder as another secondary, and with SQLite there
/// as
///   the primary where no variable names one.
/// - automatic: local without any of these variables; remote in a container, whose disk goes with
///   it, if a variable names a primary; else hybrid.
[[nodiscard]] result<profile_plan> plan_of(store_profile wanted, const surroundings& around,
                                           const std::optional<std::string>& primary);

}  // namespace keelson::config
