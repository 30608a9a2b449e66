#pragma once

#include <string>

#include "backends/store.hpp"

namespace keelson::backends {

/// A place between two documents: the one before the first whose (collection, key) is not less,
/// comparing bytes. The texts may be such as no document has, but are UTF-8 without U+0000.
struct key_bound {
  std::string collection;
  std::string key;
  auto operator<=>(const key_bound&) const = default;
};

/// The documents that a scan may give: from `first` to before `end`, whatever its direction.
struct key_range {
  key_bound first;
  key_bound end;
};
[[nodiscard]] key_range range_of(const scan_request& request);

}  // namespace keelson::backends
