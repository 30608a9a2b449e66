#include "backends/redis/doubts.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "backends/redis/stray_keys.hpp"

namespace keelson::backends::redis {

namespace {

constexpr std::uint64_t missing_from(std::uint64_t expected, std::uint64_t found) {
  return expected > found ? expected - found : 0;
}

}  // namespace

result<void> doubts::list_collections(connection& server) {
  auto listed = server.ask("ZRANGE", names_.collections(), 0, -1);
  if (!listed) return pass_on(std::move(listed));
  collections_.emplace();
  for (auto& each : listed->items) collections_->push_back(std::move(each.text));
  return {};
}

result<doubts::sighting> doubts::look(connection& server) const {
  command_buffer out;
  // What the session watches would make EXEC give nothing.
  out.add("UNWATCH").add("INFO").add("MULTI");
  ask_state(out, names_);
  out.add("DBSIZE").add("ZCARD", names_.collections());
  for (const auto& each : *collections_) out.add("ZCARD", names_.index(each));
  out.add("EXEC");
  const auto answers = server.exchange(out);
  if (!answers) return std::unexpected(answers.error());
  const auto& info = (*answers)[1];
  if (info.failed()) return std::unexpected(to_error(info));
  const auto& all = answers->back();
  if (all.failed()) return std::unexpected(to_error(all));
  if (all.items.size() != 3 + collections_->size())
    return fail(errc::store_io, "EXEC gave no list");
  const auto broken = std::ranges::find_if(all.items, &reply::failed);
  if (broken != all.items.end()) {
    return fail(errc::store_corrupt, "a key of ours holds something else: " + broken->text);
  }
  auto stored = read_state(all.items[0]);
  if (!stored) return pass_on(std::move(stored));

  sighting seen{.facts = read_facts(info.text, database_),
                .stored = std::move(*stored),
                .keys = all.items[1].count(),
                .listed = all.items[2].count() == collections_->size()};
  constexpr std::uint64_t mark_and_state = 2;
  seen.of_ours = mark_and_state + seen.stored.state.counts.documents;
  if (!collections_->empty()) ++seen.of_ours;
  for (std::size_t i = 3; i < all.items.size(); ++i) {
    seen.indexed += all.items[i].count();
    if (all.items[i].count() > 0) ++seen.of_ours;
  }
  return seen;
}

result<doubts::sighting> doubts::look_at_all(connection& server) {
  while (true) {
    if (!collections_) {
      if (auto listed = list_collections(server); !listed) return pass_on(std::move(listed));
    }
    auto seen = look(server);
    if (!seen || seen->listed) return seen;
    collections_.reset();
  }
}

result<std::string> doubts::find(connection& server) {
  auto seen = look_at_all(server);
  if (!seen) return pass_on(std::move(seen));
  if (auto fit = check_server(seen->facts); !fit) return pass_on(std::move(fit));
  const auto& state = seen->stored.state;
  const bool whole = state.point.what == store_point::phase::applied;
  if (whole && seen->indexed < state.counts.documents) {
    auto strays = stray_keys(server, names_);
    if (!strays) return pass_on(std::move(strays));
    if (auto done = index_keys(server, names_, *strays); !done) return pass_on(std::move(done));
  }
  if (!held_) {
    reason_ = reason(*seen);
    if (!reason_.empty()) held_ = std::move(*seen);
  }
  return reason_;
}

std::uint64_t doubts::missing_in(const sighting& seen) {
  return missing_from(seen.of_ours, seen.keys) +
         missing_from(seen.stored.state.counts.documents, seen.indexed);
}

std::string doubts::reason(const sighting& seen) {
  was_expiring_ = was_expiring_ || seen.facts.expiring;
  const auto& now = seen.facts.counters;
  const auto& then = seen.stored.trusted;
  const auto phase = seen.stored.state.point.what;
  if (phase == store_point::phase::empty) return {};
  if (now.run_id != then.run_id) return "the server was started anew";
  if (now.evicted > then.evicted) {
    return "the server has evicted " + std::to_string(now.evicted - then.evicted) + " keys";
  }
  // While it is rebuilt nobody knows how many there have to be.
  if (phase == store_point::phase::rebuilding) return {};
  const auto missing = missing_in(seen);
  if (missing > missing_) return std::to_string(missing) + " keys are missing";
  missing_ = missing;
  const bool all_there = seen.keys == seen.of_ours;
  if (!all_there && was_expiring_ && now.expired > then.expired) {
    return "keys of the database have expired";
  }
  return {};
}

result<void> doubts::settle(connection& server) {
  if (!held_) return {};
  command_buffer out;
  put_witness(out, names_, held_->facts.counters);
  const auto done = server.exchange(out);
  if (!done) return std::unexpected(done.error());
  if (done->front().failed()) return std::unexpected(to_error(done->front()));
  missing_ = missing_in(*held_);
  was_expiring_ = held_->facts.expiring;
  held_.reset();
  reason_.clear();
  return {};
}

}  // namespace keelson::backends::redis
