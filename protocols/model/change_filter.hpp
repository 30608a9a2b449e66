#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "protocols/model/names.hpp"

namespace keelson {

/// Which changes a subscription wants.
struct change_filter {
  std::vector<std::string> collections;  ///< empty: all
  std::string prefix;                    ///< of the key

  [[nodiscard]] bool passes(const document_id& id) const {
    return (collections.empty() ||
            std::ranges::find(collections, id.collection.text()) != collections.end()) &&
           id.key.text().starts_with(prefix);
  }
  bool operator==(const change_filter&) const = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, change_filter& x) {
    return f(x.collections, x.prefix);
  }
};

}  // namespace keelson
