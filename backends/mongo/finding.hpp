#pragma once

#include <functional>

#include "backends/mongo/connection.hpp"

namespace keelson::backends::mongo {

/// Takes a row, which is the cursor's and gone afterwards; false ends the search.
using row_taker = std::function<result<bool>(const bson_members& row)>;

/// What to look for in a collection.
struct search {
  bson_doc filter;
  bson_doc options;  ///< of `find`: sort, limit, projection, ...

  search& sorted_by(const char* member, bool ascending);
  search& limited_to(std::size_t rows);
  search& without(std::initializer_list<const char*> members);
};

/// Calls `take` for what is found; unavailable when the server cannot be asked.
[[nodiscard]] result<void> find(const database& at, const char* collection, const search& wanted,
                                const row_taker& take);

}  // namespace keelson::backends::mongo
