#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backends/row_source.hpp"
#include "backends/store.hpp"

namespace keelson::backends {

/// Where a store is and whose it has to be.
struct store_location {
  std::string url;               ///< `sqlite:primary.db`, `rocksdb:kv`, `memory:`, ...
  std::filesystem::path folder;  ///< the data folder, in which a relative path lies
};

/// What to do with a place that is foreign or bears another mark.
enum class foreign_policy : std::uint8_t { refuse, adopt };

/// One kind of store. The functions may be called from any thread.
struct engine {
  std::string_view scheme;
  std::string_view url_form;     ///< for help texts
  std::string_view description;  ///< one line
  capabilities abilities;
  bool served = false;  ///< by a server: its URLs name no path of this machine
  /// Looks without creating or writing anything.
  result<place> (*inspect)(const store_location& location);
  /// Opens, and creates and marks what is empty. A place that is not `owner`'s fails with
  /// store_foreign or store_mismatch, unless it is adopted: then it gets the mark, and a secondary
  /// starts as empty (what lies in its tables counts as surplus until the rebuild is done).
  /// A new primary begins with one epoch of this name, base 0, and term 0.
  result<std::shared_ptr<store>> (*open)(const store_location& location, const ownership& owner,
                                         foreign_policy policy, std::string_view first_epoch);
  /// Reads what is not ours, to copy it. Fails with invalid_parameter when the request names
  /// nothing that is there. Null: such an engine holds nothing of others.
  result<std::unique_ptr<row_source>> (*read_rows)(const source_request& request) = nullptr;
};

/// An engine that a build may have.
struct driver {
  std::string_view scheme;      ///< of its URLs
  std::string_view alias;       ///< another scheme that means the same; empty if there is none
  std::string_view package;     ///< of Debian 12, with its library; empty if every build has it
  std::string_view option;      ///< of CMake, that builds it; empty if every build has it
  const engine& (*in_build)();  ///< null if this build was made without it
};

/// Every engine that Keelson has, whether in this build or not.
[[nodiscard]] std::span<const driver> drivers();

/// Every engine of this build.
[[nodiscard]] std::vector<const engine*> engines();

/// The engine of a URL's scheme. Fails with invalid_parameter: for a driver that is not in the
/// build with the package and the option it takes, for an unknown scheme with those of the build.
[[nodiscard]] result<const engine*> engine_for(std::string_view url,
                                               std::span<const driver> among = drivers());

/// A URL as it may be shown: without user name's password and without secret parameters.
[[nodiscard]] std::string without_secrets(std::string_view url);

}  // namespace keelson::backends
