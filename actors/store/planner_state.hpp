#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/store/commit_planner.hpp"

namespace keelson::store {

struct id_pointer_hash {
  std::size_t operator()(const document_id* id) const noexcept { return document_id_hash{}(*id); }
};
struct id_pointer_equal {
  bool operator()(const document_id* a, const document_id* b) const noexcept { return *a == *b; }
};

/// The work of plan_group: the present state of each document and system row as the requests
/// decided so far have left it.
class planner_state {
 public:
  planner_state(const wanted_rows& wanted, const found_rows& found,
                const backends::primary_meta& meta, timestamp now, const planner_limits& limits);

  /// store_corrupt when a row of ours cannot be read.
  [[nodiscard]] result<void> read_system_rows();
  /// Decides one request and notes its answer; `index` is its place in the group.
  void decide(std::uint32_t index, messages::write_request& request);
  /// Removes answers that are past the limits.
  [[nodiscard]] result<void> retire_answers(const aged_answers& aged);
  [[nodiscard]] planned_group finish() &&;

 private:
  /// A document as it stands in the midst of the group.
  struct present {
    keelson::version version;  ///< 0: there is none
    hash256 hash;
    std::uint64_t bytes = 0;
    std::int64_t record = -1;  ///< the last that touched it; -1: none, its value was found
    std::size_t in_found = 0;
  };
  struct undo {
    present* where;
    present before;
  };

  [[nodiscard]] std::optional<messages::answer<messages::write_receipt>> earlier_answer(
      const messages::write_request& request) const;
  [[nodiscard]] result<messages::operation_outcome> apply(std::uint32_t request_index,
                                                          std::uint32_t operation_index,
                                                          messages::write_request& request);
  [[nodiscard]] result<messages::operation_outcome> change(present& now, planned_group::origin from,
                                                           const messages::write_request& request,
                                                           std::string value,
                                                           const hash256& value_hash);
  [[nodiscard]] result<messages::operation_outcome> remove(present& now, planned_group::origin from,
                                                           const messages::write_request& request);
  [[nodiscard]] std::string_view value_of(const present& document) const;
  [[nodiscard]] version version_before(const present& document) const;
  log_record& new_record(present& now, planned_group::origin from,
                         const messages::write_request& request);
  void roll_back(messages::write_request& request, std::size_t first_record);
  void end_commit(std::size_t first_record);
  void keep_answer(const messages::write_request& request, const messages::write_receipt& receipt);
  void count(const log_record& record);

  const planner_limits& limits_;
  const wanted_rows& wanted_;
  const found_rows& found_;
  timestamp time_;
  planned_group plan_;
  sequence last_;
  hash256 chain_;
  std::unordered_map<const document_id*, present, id_pointer_hash, id_pointer_equal> documents_;
  std::vector<undo> undo_;
  std::map<std::string, backends::store_counts, std::less<>> collections_;
  std::map<std::string, idempotency_record, std::less<>> answers_;
  idempotency_bounds bounds_;
  bool answers_changed_ = false;
};

}  // namespace keelson::store
