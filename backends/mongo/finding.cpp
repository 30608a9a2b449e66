#include "backends/mongo/finding.hpp"

#include <memory>

namespace keelson::backends::mongo {

namespace {

struct cursor_deleter {
  void operator()(mongoc_cursor_t* cursor) const { mongoc_cursor_destroy(cursor); }
};

}  // namespace

search& search::sorted_by(const char* member, bool ascending) {
  bson_doc order;
  bson_append_int32(order.get(), member, -1, ascending ? 1 : -1);
  options.object("sort", order);
  return *this;
}

search& search::limited_to(std::size_t rows) {
  options.number("limit", rows);
  return *this;
}

search& search::without(std::initializer_list<const char*> members) {
  bson_doc projection;
  for (const auto* const member : members) bson_append_int32(projection.get(), member, -1, 0);
  options.object("projection", projection);
  return *this;
}

result<void> find(const database& at, const char* collection, const search& wanted,
                  const row_taker& take) {
  const table from(at, collection);
  const std::unique_ptr<mongoc_cursor_t, cursor_deleter> cursor(mongoc_collection_find_with_opts(
      from.get(), wanted.filter.get(), wanted.options.get(), nullptr));
  const bson_t* row = nullptr;
  while (mongoc_cursor_next(cursor.get(), &row)) {
    const auto more = take(bson_members(row));
    if (!more) return std::unexpected(more.error());
    if (!*more) return {};
  }
  bson_error_t why;
  if (mongoc_cursor_error(cursor.get(), &why)) return std::unexpected(read_error(at, why));
  return {};
}

}  // namespace keelson::backends::mongo
