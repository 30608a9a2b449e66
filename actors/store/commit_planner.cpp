#include "actors/store/commit_planner.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "actors/store/planner_state.hpp"

namespace keelson::store {

wanted_rows rows_wanted(std::span<const messages::write_request> requests) {
  wanted_rows wanted;
  std::unordered_set<std::string_view> collections;
  std::unordered_map<const document_id*, std::size_t, id_pointer_hash, id_pointer_equal> seen;
  std::set<std::string> answers;
  for (const auto& request : requests) {
    for (const auto& operation : request.operations) {
      const auto [place, fresh] = seen.try_emplace(&operation.id, wanted.documents.size());
      if (fresh) {
        wanted.documents.push_back(operation.id);
        wanted.whole.push_back(false);
      }
      if (operation.op == messages::write_op::patch) wanted.whole[place->second] = true;
      if (!fresh) continue;
      if (collections.insert(operation.id.collection.text()).second) {
        wanted.system_keys.push_back(collection_row(operation.id.collection));
      }
    }
    if (!request.idempotency_key.empty()) {
      answers.insert(idempotency_row(request.context.principal, request.idempotency_key));
    }
  }
  if (!answers.empty()) {
    wanted.system_keys.insert(wanted.system_keys.end(), answers.begin(), answers.end());
    wanted.system_keys.emplace_back(idempotency_bounds_row);
  }
  return wanted;
}

result<planned_group> plan_group(std::span<messages::write_request> requests,
                                 const wanted_rows& wanted, const found_rows& found,
                                 const backends::primary_meta& meta, timestamp now,
                                 const aged_answers& aged, const planner_limits& limits) {
  planner_state state(wanted, found, meta, now, limits);
  if (auto ready = state.read_system_rows(); !ready) return pass_on(std::move(ready));
  for (std::uint32_t i = 0; i < requests.size(); ++i) state.decide(i, requests[i]);
  if (auto done = state.retire_answers(aged); !done) return pass_on(std::move(done));
  return std::move(state).finish();
}

void restore_values(planned_group& plan, std::span<messages::write_request> requests) {
  for (std::size_t i = 0; i < plan.records.size(); ++i) {
    auto& operation = requests[plan.origins[i].request].operations[plan.origins[i].operation];
    if (operation.op == messages::write_op::put) {
      operation.value = std::move(plan.records[i].value);
    }
  }
}

}  // namespace keelson::store
