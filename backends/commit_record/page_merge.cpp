#include "backends/commit_record/page_merge.hpp"

#include <algorithm>
#include <utility>

namespace keelson::backends::commit_record {

document document_of(const row_view& row) {
  return {.id = *row.id,
          .version = row.version,
          .time = row.time,
          .hash = row.hash,
          .meta = std::string(row.meta),
          .value = std::string(row.value)};
}

page_merge::page_merge(const scan_request& request, std::span<const row_view> rows)
    : request_(request) {
  for (const auto& row : rows) {
    if (is_in_range(*row.id)) rows_.push_back(&row);
  }
  std::ranges::sort(
      rows_, [this](const row_view* a, const row_view* b) { return comes_before(*a->id, *b->id); });
}

bool page_merge::comes_before(const document_id& a, const document_id& b) const {
  return request_.direction == scan_direction::forward ? a < b : b < a;
}

bool page_merge::is_in_range(const document_id& id) const {
  if (!request_.collection.empty() && (id.collection.text() != request_.collection ||
                                       !id.key.text().starts_with(request_.prefix))) {
    return false;
  }
  return (!request_.after || comes_before(*request_.after, id)) &&
         (!request_.until || !comes_before(*request_.until, id));
}

bool page_merge::add(document found) {
  if (!emit_rows_before(&found.id)) return false;
  if (next_row_ == rows_.size() || *rows_[next_row_]->id != found.id) return emit(std::move(found));
  const auto& row = *rows_[next_row_++];
  return row.op == change_op::remove || emit(document_of(row));
}

bool page_merge::emit_rows_before(const document_id* id) {
  for (; next_row_ < rows_.size(); ++next_row_) {
    const auto& row = *rows_[next_row_];
    if (id != nullptr && !comes_before(*row.id, *id)) break;
    if (row.op == change_op::remove) continue;
    if (!emit(document_of(row))) return false;
  }
  return true;
}

bool page_merge::emit(document next) {
  if (request_.content == scan_content::without_values) next.value.clear();
  const auto size = next.value.size();
  const bool fits = page_.documents.size() < request_.max_documents &&
                    (page_.documents.empty() || bytes_ + size <= request_.max_bytes);
  if (!fits) {
    full_ = true;
    return false;
  }
  bytes_ += size;
  page_.documents.push_back(std::move(next));
  return true;
}

scan_page page_merge::page() && {
  if (!full_) page_.at_end = emit_rows_before(nullptr);
  return std::move(page_);
}

}  // namespace keelson::backends::commit_record
