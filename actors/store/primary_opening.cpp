#include "actors/store/primary_opening.hpp"

#include <algorithm>

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace keelson::store {

using backends::place;
using backends::primary_meta;

namespace {

std::string shown(const primary_options& options) {
  return backends::without_secrets(options.location.url);
}

/// The id under which the primary is opened, after all that can be said before opening it.
result<std::string> log_id_to_open(const primary_options& options, const backends::engine& engine) {
  const auto kept = options.folder->log_id();
  if (!kept) return std::unexpected(kept.error());
  const auto there = engine.inspect(options.location);
  if (!there) return std::unexpected(there.error());
  const bool adopted = options.foreign == backends::foreign_policy::adopt;
  if (there->what == place::kind::foreign && !adopted) {
    const auto known = *kept ? " If the log " + **kept + " of the data folder " +
                                   options.folder->path().string() +
                                   " lay here and was damaged, put a backup of it in its place."
                             : std::string();
    return fail(errc::store_foreign, "the primary " + shown(options) + " is not Keelson's (" +
                                         there->reason + "); nothing was written." + known +
                                         " Point --primary elsewhere, or take it over with "
                                         "--adopt primary");
  }
  const bool fresh_choice = options.choice == log_choice::new_log;
  if (there->what == place::kind::ours) {
    if (*kept && **kept != there->owner.log_id && !fresh_choice) {
      return fail(errc::store_mismatch,
                  "the data folder " + options.folder->path().string() + " belongs to the log " +
                      **kept + ", but the primary " + shown(options) + " holds the log " +
                      there->owner.log_id +
                      ". Use the folder's own primary, or another folder; if the change is meant, "
                      "start once with --new-log");
    }
    return there->owner.log_id;
  }
  if (*kept && !fresh_choice) {
    if (!engine.abilities.durable) return **kept;
    return fail(errc::store_mismatch,
                "the data folder " + options.folder->path().string() + " belongs to the log " +
                    **kept + ", but the primary " + shown(options) +
                    " is empty. Bring its data back, or migrate it; to begin a new log in this "
                    "folder, start once with --new-log");
  }
  if (options.choice == log_choice::new_epoch) {
    return fail(
        errc::not_found,
        "there is no log that could begin a new epoch: the primary " + shown(options) +
            " holds none. --new-epoch is the last step of a restore: put the primary in its "
            "place first, or start without the flag");
  }
  return to_string(boost::uuids::random_generator()());
}

result<void> check_abilities(const primary_options& options, const backends::engine& engine) {
  if (!engine.abilities.primary) {
    return fail(errc::not_supported,
                std::string(engine.scheme) + ": cannot be a primary, only a secondary");
  }
  if (!engine.abilities.durable && options.volatility == volatile_policy::refuse) {
    return fail(errc::not_supported,
                std::string(engine.scheme) +
                    ": forgets everything at the end of the process, so it is no primary unless "
                    "primary.allow_volatile is set");
  }
  return {};
}

/// What an engine can do may depend on the server that it found.
result<void> check_durable(const primary_options& options, const backends::store& store) {
  if (store.abilities().durable || options.volatility == volatile_policy::allow) return {};
  return fail(errc::not_supported,
              shown(options) +
                  " does not promise to keep what it acknowledged, so it is no primary "
                  "unless primary.allow_volatile is set");
}

/// Raises the term, and begins an epoch if the mark or the operator asks for one.
result<std::optional<messages::history_replaced>> take_over(const primary_options& options,
                                                            open_primary& primary,
                                                            const std::optional<log_point>& mark) {
  constexpr int tries = 5;
  for (int i = 0; i < tries; ++i) {
    auto meta = primary.session->meta();
    if (!meta) return pass_on(std::move(meta));
    auto next = *meta;
    std::optional<messages::history_replaced> replaced;
    bool begins_epoch = false;
    if (mark) {
      const auto judged = judge(*primary.reader, *meta, *mark);
      if (!judged) return std::unexpected(judged.error());
      begins_epoch = judged->news;
      // The mark follows each epoch that was announced; one that it does not know was begun by an
      // attempt that broke, or by somebody else.
      if (begins_epoch || mark->at.epoch != meta->epoch().name) {
        replaced = {.known = *mark, .found = meta->end(), .seen_by = "mark", .at = options.now()};
      }
    }
    if (begins_epoch || options.choice == log_choice::new_epoch) {
      next = with_new_epoch(std::move(next), mark ? mark->at.at : meta->last, options.random());
    }
    ++next.term;
    const auto committed = commit_meta(*primary.session, *meta, next);
    if (committed) {
      primary.meta = std::move(next);
      return replaced;
    }
    if (committed.error().code != errc::fenced) return std::unexpected(committed.error());
  }
  return fail(errc::fenced, "another process keeps writing to this primary");
}

}  // namespace

result<judgement> judge(backends::primary_reader& reader, const primary_meta& meta,
                        const log_point& kept) {
  const auto at = kept.at.at;
  for (const auto& epoch : meta.epochs) {
    if (epoch.base == at && epoch.chain == kept.chain) return judgement{};
  }
  if (at < meta.oldest) return judgement{actors::testimony::trimmed};
  const auto chain = reader.chain_at(at);
  if (!chain) return std::unexpected(chain.error());
  if (*chain && **chain == kept.chain) return judgement{};
  return judgement{actors::testimony::lost, at > meta.epoch().base};
}

primary_meta with_new_epoch(primary_meta meta, sequence highest_known, std::uint64_t random) {
  const sequence base{std::max(meta.last.value, highest_known.value) + epoch_distance};
  meta.epochs.push_back({make_epoch_name(random), base, meta.chain});
  meta.last = base;
  return meta;
}

result<void> commit_meta(backends::primary_session& session, const primary_meta& now,
                         const primary_meta& next) {
  return session.commit({.expected_last = now.last, .expected_term = now.term, .next = next});
}

result<opening> open_as_writer(const primary_options& options) {
  const auto found = backends::engine_for(options.location.url);
  if (!found) return std::unexpected(found.error());
  const auto& engine = **found;
  if (auto able = check_abilities(options, engine); !able) return pass_on(std::move(able));
  const auto log_id = log_id_to_open(options, engine);
  if (!log_id) return std::unexpected(log_id.error());

  const backends::ownership owner{*log_id, backends::store_role::primary,
                                  std::string(actors::primary_name)};
  auto store =
      engine.open(options.location, owner, options.foreign, make_epoch_name(options.random()));
  if (!store) return pass_on(std::move(store));
  opening opened;
  opened.primary.store = options.decorate ? options.decorate(*std::move(store)) : *std::move(store);
  if (auto lasts = check_durable(options, *opened.primary.store); !lasts) {
    return pass_on(std::move(lasts));
  }
  auto session = opened.primary.store->open_primary();
  if (!session) return pass_on(std::move(session));
  opened.primary.session = *std::move(session);
  auto reader = opened.primary.store->open_primary_reader();
  if (!reader) return pass_on(std::move(reader));
  opened.primary.reader = *std::move(reader);

  const auto kept_id = options.folder->log_id();
  if (!kept_id) return std::unexpected(kept_id.error());
  const bool same_log = *kept_id && **kept_id == *log_id;
  const auto mark = same_log ? backends::mark_file::read(options.folder->mark_file())
                             : std::optional<log_point>{};
  auto replaced = take_over(options, opened.primary, mark);
  if (!replaced) return pass_on(std::move(replaced));
  opened.replaced = *std::move(replaced);
  if (!same_log) {
    if (auto written = options.folder->set_log_id(*log_id); !written) {
      return pass_on(std::move(written));
    }
  }
  auto file = backends::mark_file::open(options.folder->mark_file());
  if (!file) return pass_on(std::move(file));
  opened.primary.mark = *std::move(file);
  if (auto marked = opened.primary.mark->write(opened.primary.meta.end()); !marked) {
    return pass_on(std::move(marked));
  }
  return opened;
}

}  // namespace keelson::store
