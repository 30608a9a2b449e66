#include "tests/unit/feed/log_actor.hpp"

#include <algorithm>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace keelson::test {

using namespace messages;

namespace {

answer<log_reply> read_log(shared_log& shared, const log_request& wanted) {
  const std::scoped_lock lock(shared.mutex);
  ++shared.reads;
  const auto& log = shared.log;
  if (wanted.from.at.epoch != history::epoch || wanted.from.at.at > log.end().at) {
    return error{.code = errc::wrong_position, .detail = "not in this log"};
  }
  if (wanted.from.at.at < shared.oldest) {
    return error{.code = errc::history_lost,
                 .detail = "trimmed",
                 .oldest = position{history::epoch, shared.oldest}.text()};
  }
  log_reply reply{.oldest = shared.oldest};
  reply.end.at = log.end();
  reply.group.from = wanted.from;
  auto at = wanted.from.at.at.value;
  while (at < log.records().size()) {
    const auto& record = log.records()[at++];
    reply.group.records.push_back(record);
    if (record.ends_commit != 0 && reply.group.records.size() >= wanted.max_records) break;
  }
  reply.group.to.at = log.at(at);
  return reply;
}

log_actor::behavior_type run_log_actor(log_actor::pointer, std::shared_ptr<shared_log> shared) {
  return {
      [](get_atom, const get_batch& batch) {
        return get_replies{std::vector<answer<get_reply>>(batch.requests.size())};
      },
      [](get_many_atom, const get_many_request&) { return answer<get_many_reply>(); },
      [shared](list_atom, const list_request& request) {
        const std::scoped_lock lock(shared->mutex);
        return answer<list_page>(page_of(shared->log, request));
      },
      [](sums_atom, const collections_request&) { return answer<collections_reply>(); },
      [shared](log_atom, const log_request& wanted) { return read_log(*shared, wanted); },
  };
}

}  // namespace

log_actor spawn_log_actor(caf::actor_system& system, std::shared_ptr<shared_log> log) {
  return system.spawn(run_log_actor, std::move(log));
}

list_page page_of(const history& log, const list_request& request) {
  list_page page{.at = log.end(), .at_end = 1};
  const auto all = request.collection.text().empty();
  const auto after = document_id{all ? request.after_collection : request.collection,
                                 document_key::trusted(request.after)};
  for (const auto& [id, document] : log.state_at(log.end().at, {})) {
    if (id <= after || (!all && id.collection != request.collection)) continue;
    if (!id.key.text().starts_with(request.prefix)) continue;
    if (page.documents.size() == request.limit) {
      page.at_end = 0;
      break;
    }
    page.documents.push_back({.id = id, .version = {document.first}, .value = document.second});
  }
  return page;
}

}  // namespace keelson::test
