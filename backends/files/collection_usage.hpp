#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/model/error.hpp"

namespace keelson::backends::files {

/// How much each collection holds, within what a file that is written as a whole may hold.
class collection_usage {
 public:
  static constexpr std::int64_t most_documents = 10'000;
  static constexpr std::int64_t most_bytes = std::int64_t{16} << 20;

  /// The bytes of a document's line before and after; absent where there is none.
  void change(std::string_view collection, std::optional<std::size_t> before,
              std::optional<std::size_t> after);
  void forget(std::string_view collection) { all_.erase(std::string(collection)); }
  /// storage_full for a collection that grew beyond the bounds, with both.
  [[nodiscard]] result<void> check_since(const collection_usage& before) const;

 private:
  struct amount {
    std::int64_t documents = 0;
    std::int64_t bytes = 0;
  };
  std::map<std::string, amount, std::less<>> all_;
};

}  // namespace keelson::backends::files
