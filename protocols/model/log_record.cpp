#include "protocols/model/log_record.hpp"

namespace keelson {

hash256 chain_start(std::string_view log_id) {
  return field_hasher().text("keelson log 1").text(log_id).finish();
}

hash256 chain_next(const hash256& before, sequence predecessor,
                   std::span<const log_record> commit) {
  thread_local field_hasher hasher;
  hasher.text(before.view()).number(predecessor.value).number(commit.size());
  for (const auto& record : commit) {
    hasher.number(record.at.value)
        .number(static_cast<std::uint64_t>(record.op))
        .text(record.id.collection.text())
        .text(record.id.key.text())
        .text(record.hash_before.view())
        .text(record.hash_after.view());
  }
  return hasher.finish();
}

}  // namespace keelson
