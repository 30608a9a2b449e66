#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "backends/key_range.hpp"
#include "backends/redis/connection.hpp"
#include "backends/redis/layout.hpp"

namespace keelson::backends::redis {

/// Goes through the keys of a scan in its order: those that the indexes name, and `strays` (sorted)
/// besides. A key may have lost its document.
class key_walk {
 public:
  key_walk(connection& server, const layout& names, const scan_request& request,
           std::span<const document_id> strays);

  /// The next keys, at most `most` and at least one; none at the end.
  [[nodiscard]] result<std::vector<document_id>> next(std::size_t most);

 private:
  [[nodiscard]] bool before(const document_id& a, const document_id& b) const {
    return forward_ ? a < b : b < a;
  }
  [[nodiscard]] result<void> list_collections();
  [[nodiscard]] result<void> fill(std::size_t most);

  connection& server_;
  const layout& names_;
  key_range range_;
  bool forward_;
  std::optional<std::deque<std::string>> collections_;  ///< still to be gone through
  std::optional<std::string> last_;                     ///< key in the first of them
  std::deque<document_id> indexed_;
  std::deque<document_id> strays_;
};

}  // namespace keelson::backends::redis
