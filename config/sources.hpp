#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/setting_table.hpp"

namespace keelson::config {

/// Where a value was given, from the weakest to the strongest.
enum class source : std::uint8_t { fallback, profile, database_url, file, environment, flag };

struct origin {
  source kind = source::fallback;
  std::string
      text;  ///< `default`, `profile NAME`, `DATABASE_URL`, `FILE:LINE`, a variable or a flag
};

/// A value as it was given, not yet parsed.
struct given {
  const setting* which = nullptr;
  std::vector<std::string> items;
  origin from;
  /// Instead of items, when `secondaries` came as a list of maps.
  std::optional<std::vector<secondary_settings>> secondaries;
};

struct mistake {
  std::string where;  ///< `FILE:LINE`, a variable or a flag
  std::string what;
};

/// What a profile looks at; empty what is not set.
struct surroundings {
  std::string database_url;
  std::string redis_url;
  std::string mongodb_url;
  std::string container;  ///< what tells that this is one
};

/// What the sources hold, in the order in which it was read.
struct gathered {
  surroundings around;
  std::vector<given> values;
  std::vector<mistake> mistakes;
};

using environment = std::vector<std::pair<std::string, std::string>>;

/// The variables of this process.
[[nodiscard]] environment process_environment();

/// The variable that names the file when no flag does.
inline constexpr std::string_view file_variable = "KEELSON_CONFIG";

/// DATABASE_URL, REDIS_URL, MONGODB_URL and all KEELSON_ variables. An empty one counts as not set.
/// Those of the client commands, and those that Kubernetes makes for a service named `keelson`, are
/// not ours.
void read_environment(const environment& variables, gathered& into);

/// A file of settings in YAML: maps within maps, or dotted names.
void read_file(const std::string& path, gathered& into);

/// The words of a list in one text, parted by blanks; `none` is the empty list.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);
[[nodiscard]] bool is_none(const std::vector<std::string>& items);

/// The setting of this name; null if there is none.
[[nodiscard]] const setting* find_setting(std::string_view name);

}  // namespace keelson::config
