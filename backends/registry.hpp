#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

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
  /// Looks without creating or writing anything.
  result<place> (*inspect)(const store_location& location);
  /// Opens, and creates and marks what is empty. A place that is not `owner`'s fails with
  /// store_foreign or store_mismatch, unless it is adopted: then it gets the mark, and a secondary
  /// starts as empty (what lies in its tables counts as surplus until the rebuild is done).
  /// A new primary begins with one epoch of this name, base 0, and term 0.
  result<std::shared_ptr<store>> (*open)(const store_location& location, const ownership& owner,
                                         foreign_policy policy, std::string_view first_epoch);
};

/// Every engine of this build.
[[nodiscard]] std::span<const engine> engines();

/// The engine of a URL's scheme; invalid_parameter that names the known ones if there is none.
[[nodiscard]] result<const engine*> engine_for(std::string_view url);

/// A URL as it may be shown: without user name's password and without secret parameters.
[[nodiscard]] std::string without_secrets(std::string_view url);

}  // namespace keelson::backends
