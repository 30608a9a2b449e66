#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "actors/validator/judgement.hpp"
#include "backends/store.hpp"

/// A primary and a secondary in memory with a writer and a follower that are driven step by step,
/// and a hand that damages documents and keeps book of it.
namespace keelson::test {

using validator::difference_kind;

enum class snapshots : std::uint8_t { on, off };

class world {
 public:
  explicit world(std::uint64_t seed);

  // One step each; the random one picks among them.
  void write();      ///< a commit of one to three changes
  void follow();     ///< applies a few of the commits that wait, or ends a rebuild
  void catch_up();   ///< all of them
  void damage();     ///< one document of either store
  void rebuild();    ///< begins one
  void trim();       ///< the log, to a random point
  void new_epoch();  ///< as after a loss of history that this secondary did not see
  void random_step();

  void write_document(const document_id& id, std::string value);
  void remove_document(const document_id& id);
  void damage(difference_kind kind, const document_id& id);

  /// Readers between whose every two calls `hook` runs; without snapshots also within a call.
  [[nodiscard]] std::unique_ptr<backends::primary_reader> primary(snapshots mode);
  [[nodiscard]] std::unique_ptr<backends::store_reader> secondary(snapshots mode);
  std::function<void()> hook = [] {};
  [[nodiscard]] const std::shared_ptr<backends::store>& primary_store() const { return primary_; }
  [[nodiscard]] const std::shared_ptr<backends::store>& secondary_store() const {
    return secondary_;
  }

  [[nodiscard]] document_id random_id();   ///< also one that no client ever writes
  [[nodiscard]] document_id written_id();  ///< often one of a few
  [[nodiscard]] std::size_t below(std::size_t end);
  [[nodiscard]] const std::map<document_id, difference_kind>& damaged() const { return damaged_; }
  /// Everything that was ever damaged, or damaged since the last clear.
  std::set<document_id> touched;
  [[nodiscard]] const std::map<document_id, document>& documents() const { return documents_; }
  [[nodiscard]] std::size_t lag() const { return commits_.size(); }
  /// Documents of both sides together.
  [[nodiscard]] std::size_t united() const;
  [[nodiscard]] backends::primary_meta meta();
  void move_secondary(const backends::store_point& to);

  bool may_rebuild = true;  ///< a whole rebuild must not fit into one read without snapshots

 private:
  void commit(std::vector<log_record> records);
  log_record record_of(const document_id& id, change_op op, std::string value);
  void apply(std::size_t commits);
  void end_rebuild();
  void put_on_secondary(const document& d);
  void remove_from_secondary(const document_id& id);
  void write_rows(const std::vector<document>& puts, const std::vector<document_id>& removals,
                  const backends::store_point& next);
  void healed(const document_id& id);

  std::mt19937_64 random_;
  std::shared_ptr<backends::store> primary_;
  std::shared_ptr<backends::store> secondary_;
  std::unique_ptr<backends::primary_session> writer_;
  std::unique_ptr<backends::secondary_session> follower_;
  std::unique_ptr<backends::store_reader> bare_secondary_;
  std::map<document_id, document> documents_;    ///< what clients wrote
  std::deque<std::vector<log_record>> commits_;  ///< not yet followed
  std::deque<backends::store_point> points_;     ///< after each of them
  std::map<document_id, difference_kind> damaged_;
  bool rebuilding_ = false;
  std::uint64_t epochs_ = 1;
};

}  // namespace keelson::test
