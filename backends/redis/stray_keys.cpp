#include "backends/redis/stray_keys.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace keelson::backends::redis {

namespace {

constexpr int keys_a_step = 1000;
constexpr std::size_t commands_a_step = 2000;
constexpr std::size_t most_strays = 1'000'000;

/// Adds those of `step` that their index does not name.
result<void> add_strays(connection& server, const layout& names, const reply& step,
                        std::vector<document_id>& strays) {
  std::vector<document_id> seen;
  command_buffer questions;
  for (const auto& key : step.items) {
    auto id = names.document_of(key.text);
    if (!id) continue;
    questions.add("ZSCORE", names.index(id->collection.text()), id->key.text());
    seen.push_back(std::move(*id));
  }
  if (seen.empty()) return {};
  const auto answers = server.exchange(questions);
  if (!answers) return std::unexpected(answers.error());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if ((*answers)[i].what != reply::kind::text) strays.push_back(std::move(seen[i]));
  }
  if (strays.size() <= most_strays) return {};
  return fail(errc::too_large, "more than a million keys under the prefix are in no index");
}

}  // namespace

result<std::vector<document_id>> stray_keys(connection& server, const layout& names) {
  std::vector<document_id> strays;
  std::string cursor = "0";
  do {
    auto step = server.ask("SCAN", cursor, "MATCH", names.pattern(), "COUNT", keys_a_step);
    if (!step) return pass_on(std::move(step));
    const auto next = step->text_at(0);
    if (!next || step->items.size() != 2) return fail(errc::store_io, "SCAN gave no cursor");
    if (auto done = add_strays(server, names, step->items[1], strays); !done) {
      return pass_on(std::move(done));
    }
    cursor = *next;
  } while (cursor != "0");
  // SCAN may give a key twice.
  std::ranges::sort(strays);
  strays.erase(std::unique(strays.begin(), strays.end()), strays.end());
  return strays;
}

result<void> index_keys(connection& server, const layout& names,
                        const std::vector<document_id>& strays) {
  command_buffer out;
  const auto send = [&]() -> result<void> {
    const auto done = server.exchange(out);
    if (!done) return std::unexpected(done.error());
    const auto refused = std::ranges::find_if(*done, &reply::failed);
    if (refused != done->end()) return std::unexpected(to_error(*refused));
    out.clear();
    return {};
  };
  for (const auto& id : strays) {
    const auto& collection = id.collection.text();
    out.add("ZADD", names.collections(), 0, collection);
    out.add("ZADD", names.index(collection), 0, id.key.text());
    if (out.commands() < commands_a_step) continue;
    if (auto done = send(); !done) return done;
  }
  return out.commands() == 0 ? result<void>() : send();
}

}  // namespace keelson::backends::redis
