#pragma once

#include <span>
#include <vector>

#include "backends/commit_record/record_engine.hpp"

namespace keelson::backends::commit_record {

/// What a row that writes a document makes of it.
[[nodiscard]] document document_of(const row_view& row);

/// Makes one page of the documents that an engine finds and of the rows of the newest record, which
/// take their places: some of them may not be stored yet. (Where something later is stored by now,
/// what they say was so at the beginning of the read, and that is all that it promises.)
class page_merge {
 public:
  /// `rows` have to live as long as this.
  page_merge(const scan_request& request, std::span<const row_view> rows);

  /// Takes the next document of the range; false when the page is full.
  [[nodiscard]] bool add(document found);
  /// The page, without its span. To be called once, when the range or the page is at its end.
  [[nodiscard]] scan_page page() &&;

 private:
  [[nodiscard]] bool comes_before(const document_id& a, const document_id& b) const;
  [[nodiscard]] bool is_in_range(const document_id& id) const;
  [[nodiscard]] bool emit(document next);
  /// Emits the rows that come before `id`, or all; false when the page is full.
  [[nodiscard]] bool emit_rows_before(const document_id* id);

  scan_request request_;
  std::vector<const row_view*> rows_;  // of the range, in its direction
  std::size_t next_row_ = 0;
  std::size_t bytes_ = 0;
  bool full_ = false;
  scan_page page_;
};

}  // namespace keelson::backends::commit_record
