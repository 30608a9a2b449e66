#pragma once

#include <cstddef>

#include "protocols/model/canonical_json.hpp"
#include "protocols/model/names.hpp"

namespace keelson::wire {

/// What a client may send. Sizes in bytes.
struct content_limits {
  std::size_t key = default_max_key_bytes;
  std::size_t value = std::size_t{1} << 20;
  std::size_t json_depth = default_json_depth;
  std::size_t batch = std::size_t{8} << 20;
  std::size_t operations = 1000;  ///< in a batch
  std::size_t page = 1000;        ///< items
};

/// The canonical form of a value within the limits; too_large beyond them.
[[nodiscard]] result<std::string> canonical_value(std::string_view text,
                                                  const content_limits& limits);

}  // namespace keelson::wire
