#include "actors/store/reader_worker.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <caf/stateful_actor.hpp>
#include <spdlog/spdlog.h>

#include "actors/store/primary_opening.hpp"
#include "actors/store/system_records.hpp"
#include "protocols/model/log_text.hpp"

namespace keelson::store {

using namespace messages;

namespace {

/// A secondary may still stand in an epoch that is over, or not yet be anywhere.
enum class authority : std::uint8_t { primary, secondary };

result<void> check_minimum(const position& minimum, const position& at, authority of) {
  if (minimum.epoch.empty()) return {};
  if (minimum.epoch != at.epoch && of == authority::secondary) {
    return fail(errc::position_not_reached, "the store stands at " + at.text());
  }
  if (minimum.epoch != at.epoch) {
    return std::unexpected(error{.code = errc::history_lost,
                                 .detail = "the position belongs to another history of the log",
                                 .oldest = at.text()});
  }
  if (at.at < minimum.at) {
    return fail(errc::position_not_reached, "the store stands at " + at.text());
  }
  return {};
}

authority role_of(const backends::primary_reader* primary) {
  return primary != nullptr ? authority::primary : authority::secondary;
}

found_document found(std::optional<document>&& there) {
  if (!there) return {};
  return {1, *std::move(there)};
}

backends::scan_request scan_of(const list_request& ask) {
  backends::scan_request scan{.collection = ask.collection.text(),
                              .prefix = ask.prefix,
                              .max_documents = ask.limit,
                              .max_bytes = ask.max_bytes};
  if (!ask.after.empty()) {
    const auto& collection = ask.collection.text().empty() ? ask.after_collection : ask.collection;
    scan.after = document_id{collection, document_key::trusted(ask.after)};
  }
  if (ask.order == list_order::backward) scan.direction = backends::scan_direction::backward;
  if (ask.values == list_values::without) scan.content = backends::scan_content::without_values;
  return scan;
}

}  // namespace

void reader_worker_state::opened(const actors::opened_store& store) {
  closed();
  store_ = store.name;
  told_.clear();
  const auto refuse = [&](const error& problem) {
    reason_ = problem.detail;
    spdlog::warn("component=reader store={} event=session_failed reason={}", store.name,
                 log_quoted(problem.detail));
  };
  if (store.name == actors::primary_name) {
    auto session = store.store->open_primary_reader();
    if (!session) return refuse(session.error());
    primary_ = session->get();
    session_ = *std::move(session);
  } else {
    auto session = store.store->open_reader();
    if (!session) return refuse(session.error());
    primary_ = nullptr;
    session_ = *std::move(session);
  }
}

error reader_worker_state::failure(error problem) {
  if (problem.code == errc::too_large) return problem;  // what was asked for
  if (std::exchange(told_, problem.detail) != problem.detail) {
    spdlog::error("component=reader store={} event=read_failed reason={}", store_,
                  log_quoted(problem.detail));
  }
  return {.code = errc::unavailable, .detail = "the store cannot be read: " + problem.detail};
}

result<void> reader_worker_state::ready() const {
  if (!session_) return fail(errc::unavailable, reason_);
  return {};
}

result<void> reader_worker_state::ready_at(const position& minimum) {
  if (auto is_ready = ready(); !is_ready || minimum.epoch.empty()) return is_ready;
  const auto at = session_->point();
  if (!at) return std::unexpected(failure(at.error()));
  return check_minimum(minimum, at->at.at, role_of(primary_));
}

get_replies reader_worker_state::get(const get_batch& batch) {
  get_replies replies;
  const auto count = batch.requests.size();
  if (auto is_ready = ready(); !is_ready) {
    replies.answers.assign(count, answer<get_reply>(is_ready.error()));
    return replies;
  }
  std::vector<document_id> ids;
  ids.reserve(count);
  for (const auto& request : batch.requests) ids.push_back(request.id);
  auto read = session_->get(ids);
  if (!read) {
    replies.answers.assign(count, answer<get_reply>(failure(read.error())));
    return replies;
  }
  const auto& at = read->at.before.at.at;
  replies.answers.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (auto far_enough = check_minimum(batch.requests[i].minimum, at, role_of(primary_));
        !far_enough) {
      replies.answers.emplace_back(std::move(far_enough).error());
    } else {
      replies.answers.emplace_back(get_reply{at, found(std::move(read->documents[i]))});
    }
  }
  return replies;
}

result<get_many_reply> reader_worker_state::get_many(const get_many_request& ask) {
  if (auto is_ready = ready_at(ask.minimum); !is_ready) return pass_on(std::move(is_ready));
  std::vector<document_id> ids;
  ids.reserve(ask.keys.size());
  for (const auto& key : ask.keys) ids.push_back({ask.collection, key});
  auto read = session_->get(ids, ask.max_bytes);
  if (!read) return std::unexpected(failure(read.error()));
  get_many_reply reply{.at = read->at.before.at.at};
  if (auto far_enough = check_minimum(ask.minimum, reply.at, role_of(primary_)); !far_enough) {
    return pass_on(std::move(far_enough));
  }
  reply.documents.reserve(ids.size());
  for (auto& one : read->documents) reply.documents.push_back(found(std::move(one)));
  return reply;
}

result<list_page> reader_worker_state::list(const list_request& ask) {
  if (auto is_ready = ready_at(ask.minimum); !is_ready) return pass_on(std::move(is_ready));
  auto page = session_->scan(scan_of(ask));
  if (!page) return std::unexpected(failure(page.error()));
  const auto& at = page->at.before.at.at;
  if (auto far_enough = check_minimum(ask.minimum, at, role_of(primary_)); !far_enough) {
    return pass_on(std::move(far_enough));
  }
  return list_page{at, std::move(page->documents), static_cast<std::uint8_t>(page->at_end)};
}

result<collections_reply> reader_worker_state::sum_up(const collections_request& ask) {
  if (auto is_ready = ready(); !is_ready) return pass_on(std::move(is_ready));
  if (primary_ == nullptr)
    return fail(errc::not_supported, "only the primary keeps sums of its collections");
  const auto at = primary_->point();
  if (!at) return std::unexpected(failure(at.error()));
  collections_reply reply{.at = at->at.at};
  if (auto far_enough = check_minimum(ask.minimum, reply.at, role_of(primary_)); !far_enough) {
    return pass_on(std::move(far_enough));
  }
  constexpr std::size_t at_a_time = 1000;
  std::string after;
  while (true) {
    const auto rows = primary_->system_rows(collection_prefix, after, at_a_time);
    if (!rows) return std::unexpected(failure(rows.error()));
    for (const auto& row : *rows) {
      const auto counts = decode_counts(row.value);
      if (!counts) return std::unexpected(failure(counts.error()));
      if (counts->documents == 0) continue;
      reply.collections.push_back(
          {row.key.substr(collection_prefix.size()), counts->documents, counts->bytes});
    }
    if (rows->size() < at_a_time) return reply;
    after = rows->back().key;
  }
}

result<log_reply> reader_worker_state::read_log(const log_request& ask) {
  if (auto is_ready = ready(); !is_ready) return pass_on(std::move(is_ready));
  if (primary_ == nullptr) return fail(errc::not_supported, "only the primary has the log");
  const auto after = ask.from.at.at;
  auto slice = primary_->read_log(after, ask.max_records, ask.max_bytes);
  if (!slice) return std::unexpected(failure(slice.error()));
  const auto& meta = slice->meta;
  const position oldest{meta.epoch().name, std::max(meta.oldest, meta.epoch().base)};
  if (after < meta.oldest) {
    return std::unexpected(
        error{.code = errc::history_lost,
              .detail = "the log no longer reaches back to " + ask.from.at.text(),
              .oldest = oldest.text()});
  }
  bool lies_in_log = after <= meta.last;
  if (lies_in_log && !ask.from.chain.is_zero()) {
    const auto judged = judge(*primary_, meta, ask.from);
    if (!judged) return std::unexpected(failure(judged.error()));
    lies_in_log = judged->verdict == actors::testimony::known;
  }
  if (!lies_in_log) {
    return fail(errc::wrong_position, ask.from.at.text() + " does not lie in this log");
  }
  log_reply reply{.end = meta.end(), .oldest = meta.oldest, .base = meta.epoch().base};
  reply.group.from = {{meta.epoch_of(after), after}, ask.from.chain};
  const bool to_the_end = slice->records.empty() || slice->records.back().at == meta.last;
  reply.group.to =
      to_the_end ? meta.end()
                 : log_point{{meta.epoch_of(slice->records.back().at), slice->records.back().at},
                             slice->records.back().chain};
  reply.group.records = std::move(slice->records);
  return reply;
}

namespace {

/// Reads, unless the answer comes too late to be of use; one ask less is held then.
template <class Reply, class Read, class Refuse>
Reply serve(reader_worker::pointer self, const reader_load& load, std::int64_t deadline, Read read,
            Refuse refuse) {
  const auto now = self->clock().now().time_since_epoch();
  const bool in_time =
      std::chrono::duration_cast<std::chrono::milliseconds>(now).count() < deadline;
  Reply reply = in_time ? Reply(read())
                        : Reply(refuse(error{.code = errc::overloaded,
                                             .detail = "the read waited for a worker until its "
                                                       "deadline"}));
  load->fetch_sub(1, std::memory_order_relaxed);
  return reply;
}

}  // namespace

reader_worker::behavior_type run_reader_worker(
    reader_worker::stateful_pointer<reader_worker_state> self, const reader_load& load) {
  auto& state = self->state;
  const auto same = [](error problem) { return problem; };
  return {
      [=, &state](get_atom, std::int64_t deadline, const get_batch& batch) {
        const auto refuse = [&](const error& problem) {
          return get_replies{{batch.requests.size(), answer<get_reply>(problem)}};
        };
        return serve<get_replies>(
            self, load, deadline, [&] { return state.get(batch); }, refuse);
      },
      [=, &state](get_many_atom, std::int64_t deadline, const get_many_request& ask) {
        return serve<answer<get_many_reply>>(
            self, load, deadline, [&] { return state.get_many(ask); }, same);
      },
      [=, &state](list_atom, std::int64_t deadline, const list_request& ask) {
        return serve<answer<list_page>>(
            self, load, deadline, [&] { return state.list(ask); }, same);
      },
      [=, &state](sums_atom, std::int64_t deadline, const collections_request& ask) {
        return serve<answer<collections_reply>>(
            self, load, deadline, [&] { return state.sum_up(ask); }, same);
      },
      [=, &state](log_atom, std::int64_t deadline, const log_request& ask) {
        return serve<answer<log_reply>>(
            self, load, deadline, [&] { return state.read_log(ask); }, same);
      },
      [&state](opened_atom, const actors::opened_store& store) { state.opened(store); },
      [&state](closed_atom, const std::string&) { state.closed(); },
      [self](stop_atom) -> stopped_atom {
        self->state.closed();
        self->quit();
        return stopped_atom::value;
      },
  };
}

}  // namespace keelson::store
