#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "backends/store.hpp"

namespace keelson::conformance {

struct change {
  document_id id;
  change_op op = change_op::put;
  std::string value;
};
[[nodiscard]] document_id id_of(std::string_view collection, std::string_view key);
[[nodiscard]] change put(std::string_view collection, std::string_view key, std::string value);
[[nodiscard]] change removal(std::string_view collection, std::string_view key);

using commit_plan = std::vector<change>;

/// Commits that a writer would make durable together.
struct group {
  backends::primary_meta before;
  backends::primary_meta next;
  std::vector<log_record> records;
  std::vector<backends::system_write> system;

  /// The last state of each document that the group changes, sorted; views into the group.
  [[nodiscard]] std::vector<backends::row_view> rows() const;
};

/// What a log's documents and records have to be: the suite's own, simple model of a primary.
class history {
 public:
  explicit history(backends::primary_meta start) : meta_(std::move(start)) {}

  /// The group that these commits would make now. Changes nothing.
  [[nodiscard]] group plan(const std::vector<commit_plan>& commits) const;
  /// Takes a group over that was committed.
  void accept(const group& done);
  /// Plans, commits and takes over; ends the test if the commit fails.
  void commit(backends::primary_session& session, const std::vector<commit_plan>& commits);

  [[nodiscard]] const backends::primary_meta& meta() const noexcept { return meta_; }
  void trimmed(const backends::primary_meta& now) { meta_ = now; }
  [[nodiscard]] const std::map<document_id, document>& documents() const { return documents_; }
  /// Every record ever committed.
  [[nodiscard]] const std::vector<log_record>& records() const noexcept { return records_; }

 private:
  backends::primary_meta meta_;
  std::map<document_id, document> documents_;
  std::vector<log_record> records_;
};

/// A history without a store behind it.
[[nodiscard]] history detached_history();
[[nodiscard]] backends::store_point applied(const backends::primary_meta& meta);

[[nodiscard]] result<void> apply_group(backends::secondary_session& session,
                                       const backends::store_point& from,
                                       const backends::store_point& to, const group& planned);
[[nodiscard]] result<void> commit_group(backends::primary_session& session, const group& planned);

}  // namespace keelson::conformance
