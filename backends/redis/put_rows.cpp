#include "backends/redis/put_rows.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "backends/redis/stored.hpp"

namespace keelson::backends::redis {

void put_rows(command_buffer& out, const layout& names, std::span<const row_view> rows) {
  if (rows.empty()) return;
  out.begin(1 + rows.size()).word("DEL");
  for (const auto& row : rows) out.word(names.document(*row.id));
  std::map<std::string_view, std::vector<std::string_view>> put;
  std::map<std::string_view, std::vector<std::string_view>> removed;
  for (const auto& row : rows) {
    auto& keys = row.op == change_op::put ? put : removed;
    keys[row.id->collection.text()].push_back(row.id->key.text());
    if (row.op == change_op::put) put_document(out, names, row);
  }
  for (const auto& [collection, keys] : put) {
    out.add("ZADD", names.collections(), 0, collection);
    out.begin(2 + 2 * keys.size()).word("ZADD").word(names.index(collection));
    for (const auto key : keys) out.word("0").word(key);
  }
  for (const auto& [collection, keys] : removed) {
    out.begin(2 + keys.size()).word("ZREM").word(names.index(collection));
    for (const auto key : keys) out.word(key);
  }
}

result<void> whole_effect(const reply& executed) {
  const auto broken = std::ranges::find_if(executed.items, &reply::failed);
  if (broken == executed.items.end()) return {};
  return fail(errc::store_corrupt, "a key of ours holds something else: " + broken->text);
}

}  // namespace keelson::backends::redis
