#include "actors/replicator/row_batch.hpp"

#include "actors/patterns.hpp"

namespace keelson::replicator {

bool row_scope::holds(const document_id& id) const {
  return (through == nullptr || id <= *through) &&
         actors::matches_any(collections, id.collection.text());
}

void row_batch::add(std::span<const log_record> records) {
  for (const auto& record : records) {
    if (!scope_.holds(record.id)) continue;
    const auto row = backends::row_of(record);
    const auto [place, fresh] = places_.try_emplace(&record.id, rows_.size());
    if (fresh) {
      rows_.push_back(row);
    } else {
      rows_[place->second] = row;
    }
    if (record.previous.value != 0) {
      --documents_;
      bytes_ -= record.bytes_before;
    }
    if (record.op == change_op::put) {
      ++documents_;
      bytes_ += record.value.size();
    }
  }
}

backends::store_counts row_batch::moved(backends::store_counts before) const noexcept {
  return {before.documents + documents_, before.bytes + bytes_};
}

}  // namespace keelson::replicator
