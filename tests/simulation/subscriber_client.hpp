#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/committed_history.hpp"
#include "tests/simulation/findings.hpp"

namespace keelson::test {

/// The far end of a subscription: what a client knows and keeps across its connections. Compares
/// everything it is told with what was committed.
class subscriber_client {
 public:
  subscriber_client(std::string name, change_filter filter, const committed_history& history,
                    findings& found)
      : name_(std::move(name)), filter_(std::move(filter)), history_(history), found_(found) {}

  [[nodiscard]] const change_filter& filter() const noexcept { return filter_; }
  /// From where it resumes; nothing: it has to begin anew.
  [[nodiscard]] const std::optional<position>& bookmark() const noexcept { return bookmark_; }

  /// Forgets everything and begins, at a position or with a snapshot.
  void begin_at(const position& from);
  void begin_snapshot();
  void take_documents(std::span<const document> documents);
  void end_snapshot(const position& at);

  /// The body of a frame: `[…],"position":"…"}`.
  void take_changes(std::string_view text);
  void take_bookmark(const position& at);
  /// The connection is gone, with the commit that was only half sent.
  void hang_up();
  /// It was told that its history is gone.
  void take_loss(const error& why);

  /// Whether it has everything there is.
  void check_complete();

 private:
  struct change {
    position at;
    change_op op = change_op::put;
    std::string key;
    std::string value;
    std::uint8_t ends_commit = 0;
  };
  void take_change(change one);
  /// Whether what came since the beginning is what was committed, in that order.
  void check_received(bool complete);
  void expect(bool holds, const std::string& what);

  std::string name_;
  change_filter filter_;
  const committed_history& history_;
  findings& found_;
  documents_by_key documents_;
  bool in_snapshot_ = false;
  std::optional<position> bookmark_;
  position begun_at_;             ///< every passing change after it is in received_
  std::vector<change> received_;  ///< whole commits
  std::vector<change> half_;      ///< of the commit that is not complete
};

}  // namespace keelson::test
