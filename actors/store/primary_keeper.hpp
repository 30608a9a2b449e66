#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/contracts.hpp"
#include "actors/place_watch.hpp"
#include "actors/store/head_cache.hpp"
#include "actors/store/primary_opening.hpp"
#include "actors/store/primary_options.hpp"
#include "actors/store/write_queue.hpp"

namespace keelson::store {

/// The answers to one parcel's requests.
struct parcel_answers {
  std::uint64_t parcel = 0;
  messages::write_receipts receipts;
};

/// What became of a group.
struct group_report {
  std::vector<parcel_answers> answers;  ///< of the parcels that are settled
  actors::group_ref committed;          ///< null: nothing changed
  std::size_t commits = 0;
  double commit_seconds = 0;    ///< of the store's commit, sync included
  backends::primary_meta meta;  ///< after it
  std::optional<error> broken;  ///< the store has to be closed and opened again before anything
                                ///< else; parcels without an answer are settled then
};

struct open_report {
  actors::opened_store opened;
  backends::primary_meta meta;
  std::optional<messages::history_replaced> replaced;
  std::optional<group_report> settled;  ///< a group whose outcome was unknown until now
};

/// The one that writes the primary: decides groups and commits them, settles what a broken store
/// left open, judges points, trims the log. Blocking; belongs to one thread at a time.
class primary_keeper {
 public:
  explicit primary_keeper(primary_options options);
  ~primary_keeper();

  [[nodiscard]] result<open_report> open();
  /// Drops the store. A group whose outcome is unknown stays known.
  void close();
  [[nodiscard]] bool is_open() const noexcept { return primary_.has_value(); }

  [[nodiscard]] group_report commit(std::vector<parcel> group);
  /// Answers of an unsettled group that surely did not happen, though the store did not open.
  [[nodiscard]] std::vector<parcel_answers> take_refused() { return std::exchange(refused_, {}); }
  /// Answers the parcels of an unsettled group whose deadline has passed: outcome_unknown for what
  /// would have changed something.
  [[nodiscard]] std::vector<parcel_answers> give_up(std::int64_t now);

  struct testimony_report {
    actors::testimony_result answer;
    std::optional<messages::history_replaced> replaced;  ///< a new epoch has begun
  };
  /// Closes the store when it is not known whether a new epoch was written.
  [[nodiscard]] result<testimony_report> testify(const log_point& kept, const std::string& seen_by);

  /// Looks whether the primary is there and as it was left, and closes it if not: a commit would
  /// see as much, but nobody may write for a long time.
  [[nodiscard]] result<void> look();
  /// Whether the primary's files are where they were opened. If not, every write is refused from
  /// now on until they are, and the store stays open: it may be the last copy.
  [[nodiscard]] result<void> check_place();
  /// Makes the mark durable; once a second.
  [[nodiscard]] result<void> sync_mark() { return primary_->mark->sync(); }
  /// Trims a slice of the log. True when more could be trimmed. Closes the store when it is not
  /// known what was trimmed.
  [[nodiscard]] result<bool> trim(std::optional<sequence> held_after);
  [[nodiscard]] const backends::primary_meta& meta() const { return primary_->meta; }

 private:
  struct unsettled {
    std::vector<parcel> group;
    planned_group plan;
  };

  [[nodiscard]] result<planned_group> plan(std::vector<messages::write_request>& requests);
  [[nodiscard]] result<found_rows> find(const wanted_rows& wanted);
  void remember(const planned_group& committed);
  [[nodiscard]] group_report report(const std::vector<parcel>& group, planned_group plan);
  [[nodiscard]] group_report refuse(const std::vector<parcel>& group, const error& problem) const;
  [[nodiscard]] group_report settle(unsettled&& open_group);
  [[nodiscard]] actors::opened_store opened() const;

  primary_options options_;
  std::optional<open_primary> primary_;
  head_cache heads_;
  actors::place_watch watch_;
  std::optional<error> lost_place_;
  std::optional<unsettled> unsettled_;
  std::vector<parcel_answers> refused_;
};

}  // namespace keelson::store
