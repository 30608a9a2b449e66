#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/model/document.hpp"
#include "protocols/model/error.hpp"
#include "protocols/model/log_record.hpp"

/// The contract of every storage engine. All calls block. A `store` may be shared by threads; a
/// session (reader, primary_session, secondary_session) belongs to one thread at a time and keeps
/// its store open. Absence is an empty optional, never an error. After errc::store_io from a call
/// that writes, the session and its store are to be closed and opened again: nothing is known of
/// the write, and a failed sync is never repeated.
namespace keelson::backends {

/// The number of our records' layout on disk. A store with another one is refused.
inline constexpr std::uint32_t format_number = 1;

enum class store_role : std::uint8_t { primary = 1, secondary = 2 };

/// Whose store it is. Every store of ours bears this, written when it is created.
struct ownership {
  std::string log_id;  ///< UUID of the log, which lives in the primary
  store_role role = store_role::primary;
  std::string name;  ///< `primary`, or the secondary's name
  bool operator==(const ownership&) const = default;
};

/// What lies at a URL before anything is opened for writing.
struct place {
  enum class kind : std::uint8_t { empty, ours, foreign };
  kind what = kind::empty;
  ownership owner;           ///< when ours
  std::uint32_t format = 0;  ///< when ours
  std::string reason;        ///< when foreign: what was found, for a person
};

/// What an engine can do natively; what it cannot is emulated above it or refused.
struct capabilities {
  bool durable = false;        ///< a commit that returned survives loss of power
  bool transactional = false;  ///< a commit or apply takes effect as a whole or not at all
  bool snapshots = false;      ///< a read sees one point, and says which
  bool ordered_scan = false;   ///< ranges come in the order of key bytes
  bool primary = false;        ///< may be a primary
  /// An apply should have at most so many changes (a larger commit is not cut); 0: as may be.
  std::size_t apply_rows = 0;
};

/// One history of a log.
struct epoch_entry {
  std::string name;
  sequence base;  ///< its first change has base + 1
  hash256 chain;  ///< at `base`: that of the last commit before, or the log's start
  bool operator==(const epoch_entry&) const = default;
};

/// The one meta row of a primary, written in each commit.
struct primary_meta {
  std::string log_id;
  std::vector<epoch_entry> epochs;  ///< oldest first; never empty
  sequence last;                    ///< of the last change; an epoch's base before its first one
  hash256 chain;                    ///< at `last`
  std::uint64_t term = 0;
  timestamp last_time;   ///< of the last change; time never goes back within a log
  sequence oldest;       ///< records after this one are retained
  hash256 oldest_chain;  ///< at `oldest`
  std::uint64_t documents = 0;
  std::uint64_t bytes = 0;      ///< of all values
  std::uint64_t log_bytes = 0;  ///< of the values and names in retained records
  bool operator==(const primary_meta&) const = default;

  [[nodiscard]] const epoch_entry& epoch() const { return epochs.back(); }
  /// The name of the epoch that a sequence of this log belongs to.
  [[nodiscard]] const std::string& epoch_of(sequence at) const;
  [[nodiscard]] log_point end() const { return {{epoch().name, last}, chain}; }
};

/// The point that a store stands at.
struct store_point {
  enum class phase : std::uint8_t {
    empty,       ///< nothing was ever applied
    applied,     ///< all changes up to `at`, no other
    rebuilding,  ///< as `applied` for the documents up to `copied`; anything beyond them
  };
  phase what = phase::empty;
  log_point at;
  document_id copied;  ///< when rebuilding: the last document copied
  bool operator==(const store_point&) const = default;
};

/// A document to write or to remove; views into what the caller owns.
struct row_view {
  const document_id* id = nullptr;
  change_op op = change_op::put;
  keelson::version version;
  timestamp time;
  hash256 hash;
  std::string_view meta;
  std::string_view value;
};
[[nodiscard]] row_view row_of(const log_record& record);
[[nodiscard]] row_view row_of(const document& document);
[[nodiscard]] row_view removal_of(const document_id& id);

/// A row of the table for the service's own durable records. Keys are ordered by their bytes.
struct system_write {
  std::string key;
  std::optional<std::string> value;  ///< absent: remove the row
};
struct system_row {
  std::string key;
  std::string value;
};

/// One transaction of a primary.
struct commit_batch {
  sequence expected_last;  ///< meta must hold these two, else errc::fenced
  std::uint64_t expected_term = 0;
  std::span<const row_view> rows;  ///< at most one for a document
  std::span<const log_record> records;
  std::span<const system_write> system;
  primary_meta next;
};

/// What a read saw. With snapshots `before` and `after` are the same point; without, everything up
/// to `before` is in the answer and changes up to `after` may be.
struct read_span {
  store_point before;
  store_point after;
};

struct documents_read {
  read_span at;
  std::vector<std::optional<document>> documents;  ///< one for each id asked for, in that order
};

enum class scan_direction : std::uint8_t { forward, backward };
enum class scan_content : std::uint8_t { whole, without_values };

/// A range of documents in the order of document_id.
struct scan_request {
  std::string collection;            ///< empty: all collections
  std::string prefix;                ///< of the keys; only with a collection
  std::optional<document_id> after;  ///< exclusive start, in the direction of the scan
  std::optional<document_id> until;  ///< inclusive end
  std::size_t max_documents = 1000;
  /// Of values: a page ends before the document that would pass it, but has at least one.
  std::size_t max_bytes = std::size_t{8} << 20;
  scan_direction direction = scan_direction::forward;
  scan_content content = scan_content::whole;
};

struct scan_page {
  read_span at;
  std::vector<document> documents;
  bool at_end = false;  ///< no document of the range is left
};

/// Documents and bytes of values.
struct store_counts {
  std::uint64_t documents = 0;
  std::uint64_t bytes = 0;
  bool operator==(const store_counts&) const = default;
};

/// Adds up what values take, against a limit.
class byte_budget {
 public:
  explicit byte_budget(std::size_t most) : left_(most) {}
  [[nodiscard]] result<void> take(std::size_t bytes) {
    if (bytes > left_) {
      return fail(errc::too_large, "the documents have too many bytes together; ask for fewer");
    }
    left_ -= bytes;
    return {};
  }

 private:
  std::size_t left_;
};

class store_reader {
 public:
  static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

  virtual ~store_reader() = default;
  /// A primary always stands `applied` at the end of its log.
  [[nodiscard]] virtual result<store_point> point() = 0;
  /// too_large when the values have more than `max_bytes` together: then none is held.
  [[nodiscard]] virtual result<documents_read> get(std::span<const document_id> ids,
                                                   std::size_t max_bytes = no_limit) = 0;
  [[nodiscard]] virtual result<scan_page> scan(const scan_request& request) = 0;
};

/// A piece of the log: whole commits only.
struct log_slice {
  primary_meta meta;  ///< as of the same snapshot
  std::vector<log_record> records;
};

class primary_reader : public store_reader {
 public:
  [[nodiscard]] virtual result<primary_meta> meta() = 0;
  /// The records after `after`, in order, up to the first end of a commit at which one of the
  /// limits is reached. Empty at the end of the log. When `after` is older than meta.oldest the
  /// records begin behind a gap: the caller checks meta.oldest first.
  [[nodiscard]] virtual result<log_slice> read_log(sequence after, std::size_t max_records,
                                                   std::size_t max_bytes) = 0;
  /// The chain at the end of the commit whose last record is `at`, or at meta.oldest; absent when
  /// no retained commit ends there.
  [[nodiscard]] virtual result<std::optional<hash256>> chain_at(sequence at) = 0;
  /// The rows of the system table whose keys begin with `prefix` and lie after `after`.
  [[nodiscard]] virtual result<std::vector<system_row>> system_rows(std::string_view prefix,
                                                                    std::string_view after,
                                                                    std::size_t limit) = 0;
};

/// What the writer decides a group over. Only the writer writes, so no snapshot is needed.
struct primary_view {
  std::vector<std::optional<document>> documents;
  std::vector<std::optional<std::string>> system;
};

class primary_session {
 public:
  virtual ~primary_session() = default;
  [[nodiscard]] virtual result<primary_meta> meta() = 0;
  [[nodiscard]] virtual result<primary_view> read(std::span<const document_id> ids,
                                                  std::span<const std::string> system_keys) = 0;
  /// Returns when the whole batch is durable (if the engine is). errc::fenced, storage_full: surely
  /// nothing was written. errc::outcome_unknown: perhaps it was (read meta again).
  [[nodiscard]] virtual result<void> commit(const commit_batch& batch) = 0;
  /// Removes at most `max_records` of the oldest records, only whole commits, none after
  /// `through`, and moves meta.oldest; the meta then in force. Nothing moves when not one whole
  /// commit fits: `max_records` is to be at least the most operations of a batch.
  [[nodiscard]] virtual result<primary_meta> trim(sequence through, std::size_t max_records) = 0;
};

/// One transaction of a secondary: from one point to the next.
struct apply_batch {
  store_point expected;  ///< the store must stand here, else errc::wrong_position
  store_point next;
  std::span<const row_view> rows;  ///< at most one for a document
  store_counts counts;             ///< after it
};

struct secondary_state {
  store_point point;
  store_counts counts;
};

class secondary_session {
 public:
  virtual ~secondary_session() = default;
  [[nodiscard]] virtual result<secondary_state> state() = 0;
  /// Visible to readers when it returns; durable after the next sync().
  [[nodiscard]] virtual result<void> apply(const apply_batch& batch) = 0;
  [[nodiscard]] virtual result<void> sync() = 0;
  /// Why the documents may be others than those that were applied, though the state says nothing
  /// of it: a server that holds them was started anew, or has let some go. Empty: no reason. Said
  /// until trust(). Asked often; fails with store_io when the store is not there any more.
  [[nodiscard]] virtual result<std::string> doubt() { return std::string(); }
  /// All documents were compared since doubt() gave its reason: it is settled, also for a later
  /// session.
  [[nodiscard]] virtual result<void> trust() { return {}; }
};

/// An opened engine.
class store {
 public:
  virtual ~store() = default;
  [[nodiscard]] virtual capabilities abilities() const = 0;
  /// At most one session that writes lives at a time; errc::busy for another.
  [[nodiscard]] virtual result<std::unique_ptr<primary_session>> open_primary() = 0;
  [[nodiscard]] virtual result<std::unique_ptr<secondary_session>> open_secondary() = 0;
  [[nodiscard]] virtual result<std::unique_ptr<store_reader>> open_reader() = 0;
  /// Only of a primary.
  [[nodiscard]] virtual result<std::unique_ptr<primary_reader>> open_primary_reader() = 0;
};

}  // namespace keelson::backends
