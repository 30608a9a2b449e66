#include "backends/redis/key_walk.hpp"

#include <algorithm>
#include <utility>

namespace keelson::backends::redis {

key_walk::key_walk(connection& server, const layout& names, const scan_request& request,
                   std::span<const document_id> strays)
    : server_(server),
      names_(names),
      range_(range_of(request)),
      forward_(request.direction == scan_direction::forward) {
  if (const auto& one = request.collection; !one.empty()) {
    // The bounds may lie in other collections.
    const bool within = one >= range_.first.collection && one <= range_.end.collection;
    collections_.emplace(within ? 1 : 0, one);
  }
  for (const auto& id : strays) {
    const key_bound at{id.collection.text(), id.key.text()};
    if (at >= range_.first && at < range_.end) strays_.push_back(id);
  }
  if (!forward_) std::ranges::reverse(strays_);
}

result<void> key_walk::list_collections() {
  auto listed = server_.ask("ZRANGEBYLEX", names_.collections(), "[" + range_.first.collection,
                            "[" + range_.end.collection);
  if (!listed) return pass_on(std::move(listed));
  collections_.emplace();
  for (auto& each : listed->items) collections_->push_back(std::move(each.text));
  if (!forward_) std::ranges::reverse(*collections_);
  return {};
}

result<void> key_walk::fill(std::size_t most) {
  if (!collections_) {
    if (auto done = list_collections(); !done) return done;
  }
  while (indexed_.empty() && !collections_->empty()) {
    const auto& collection = collections_->front();
    std::string low = collection == range_.first.collection ? "[" + range_.first.key : "-";
    std::string high = collection == range_.end.collection ? "(" + range_.end.key : "+";
    if (last_) (forward_ ? low : high) = "(" + *last_;
    const auto index = names_.index(collection);
    auto keys = forward_ ? server_.ask("ZRANGEBYLEX", index, low, high, "LIMIT", 0, most)
                         : server_.ask("ZREVRANGEBYLEX", index, high, low, "LIMIT", 0, most);
    if (!keys) return pass_on(std::move(keys));
    const auto name = collection_name::trusted(collection);
    for (const auto& key : keys->items) {
      indexed_.push_back({name, document_key::trusted(key.text)});
    }
    if (keys->items.size() < most) {
      collections_->pop_front();
      last_.reset();
    } else {
      last_ = indexed_.back().key.text();
    }
  }
  return {};
}

result<std::vector<document_id>> key_walk::next(std::size_t most) {
  if (indexed_.empty()) {
    if (auto done = fill(most); !done) return pass_on(std::move(done));
  }
  std::vector<document_id> keys;
  while (keys.size() < most) {
    // What comes after the keys at hand is not known while there is more to ask for.
    if (indexed_.empty() && !collections_->empty()) break;
    if (indexed_.empty() && strays_.empty()) break;
    const bool stray =
        !strays_.empty() && (indexed_.empty() || before(strays_.front(), indexed_.front()));
    auto& from = stray ? strays_ : indexed_;
    if (keys.empty() || keys.back() != from.front()) keys.push_back(std::move(from.front()));
    from.pop_front();
  }
  return keys;
}

}  // namespace keelson::backends::redis
