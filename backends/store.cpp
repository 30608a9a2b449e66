#include "backends/store.hpp"

namespace keelson::backends {

const std::string& primary_meta::epoch_of(sequence at) const {
  for (std::size_t i = epochs.size(); i-- > 1;) {
    if (at >= epochs[i].base) return epochs[i].name;
  }
  return epochs.front().name;
}

row_view row_of(const log_record& record) {
  return {.id = &record.id,
          .op = record.op,
          .version = record.at,
          .time = record.time,
          .hash = record.hash_after,
          .meta = record.meta,
          .value = record.value};
}

row_view row_of(const document& document) {
  return {.id = &document.id,
          .op = change_op::put,
          .version = document.version,
          .time = document.time,
          .hash = document.hash,
          .meta = document.meta,
          .value = document.value};
}

row_view removal_of(const document_id& id) {
  return {.id = &id, .op = change_op::remove};
}

}  // namespace keelson::backends
