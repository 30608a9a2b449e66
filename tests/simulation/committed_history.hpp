#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocols/model/change_filter.hpp"
#include "tests/simulation/simulated_disk.hpp"

namespace keelson::test {

/// One whole log, as it lies on a disk.
struct whole_log {
  backends::primary_meta meta;
  std::vector<log_record> records;
};

/// Keys and values of some documents.
using documents_by_key = std::map<std::string, std::string>;

/// Everything that was ever committed: the log on the primary's disk, and those that it bore
/// before an earlier copy was put back. Read past the service.
class committed_history {
 public:
  explicit committed_history(const simulated_disk& primary) : primary_(primary) {}

  /// Call before a copy is put back: the present log will be history.
  void lose_present();

  [[nodiscard]] backends::primary_meta meta() const;
  [[nodiscard]] const whole_log& present() const;
  [[nodiscard]] const std::vector<whole_log>& lost() const noexcept { return lost_; }

  /// True if the present log has this point, at an epoch's base or a commit's end.
  [[nodiscard]] bool knows(const log_point& point) const;
  /// True if a log that was lost has it.
  [[nodiscard]] bool knew(const log_point& point) const;
  /// True if the position lies within what was ever committed in its epoch.
  [[nodiscard]] bool committed(const position& at) const;

  /// The records of an epoch after a position that pass; `ends_commit` marks the last of those of
  /// each commit.
  [[nodiscard]] std::vector<log_record> records_after(const position& at,
                                                      const change_filter& filter) const;
  /// The documents as of a position.
  [[nodiscard]] documents_by_key documents(const position& at, const change_filter& filter) const;

 private:
  /// The log in which an epoch goes farthest; null: none has it.
  [[nodiscard]] const whole_log* log_of(const std::string& epoch) const;

  const simulated_disk& primary_;
  std::vector<whole_log> lost_;
  mutable simulated_disk::content seen_;
  mutable whole_log present_;
};

/// What the records leave, as far as they pass; up to `end`.
[[nodiscard]] documents_by_key folded(const std::vector<log_record>& log,
                                      const change_filter& filter, sequence end);

}  // namespace keelson::test
