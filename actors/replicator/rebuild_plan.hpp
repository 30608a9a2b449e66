#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "backends/store.hpp"

/// The decisions of a rebuild, without any store: what of a range differs, what has to be written,
/// and what that would destroy.
///
/// A document of the secondary whose version is lower than the primary's is superseded: the primary
/// has gone on from it. Overwriting any other content, and deleting, may destroy the last good copy
/// and counts as harm. A version that the primary's log has not reached yet is of a history that
/// the primary does not know: it is left alone until an operator agrees.
namespace keelson::replicator {

struct harm {
  std::uint64_t documents = 0;  ///< deletes, and overwrites of other content
  std::uint64_t unknown = 0;    ///< of them, those of a version beyond the primary's log
  harm& operator+=(const harm& other) {
    documents += other.documents;
    unknown += other.unknown;
    return *this;
  }
};

/// What both stores hold after the same document.
struct page_pair {
  backends::scan_page primary;
  backends::scan_page secondary;
};

/// The last document up to which both pages are complete; absent if both reach the end.
[[nodiscard]] std::optional<document_id> common_end(const page_pair& pages);

/// What writing the primary's page over the secondary's would destroy, judged by versions and
/// stored hashes; the pages may be without values. `collections` are the secondary's patterns.
[[nodiscard]] harm survey(const page_pair& pages, std::span<const std::string> collections);

/// One apply of a rebuild.
struct rebuild_piece {
  std::vector<backends::row_view> rows;  ///< views into the pages and the records
  backends::secondary_state next;
  harm damage;
};

/// Makes the next piece: the secondary stands at `from`, which is rebuilding, and `records` are the
/// primary's log from there to the point of the primary's page (read without snapshots: to the
/// point after it). Afterwards all documents up to the pages' common end are as of that point, and
/// the counts are theirs.
[[nodiscard]] rebuild_piece plan_piece(const backends::secondary_state& from,
                                       const page_pair& pages, std::span<const log_record> records,
                                       std::span<const std::string> collections);

}  // namespace keelson::replicator
