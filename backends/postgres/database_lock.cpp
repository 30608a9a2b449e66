#include "backends/postgres/database_lock.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace keelson::backends::postgres {

namespace {

/// The two halves of the lock's key: "KeeL", and the store of the database.
constexpr const char* lock_text = "SELECT pg_advisory_lock(1264936268, 1)";
constexpr const char* end_text =
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = 1264936268 AND objid = 1 AND pid = ANY ($1::int[])";

/// The connections that held a lock of this process and were let go. When the way to the server is
/// cut, a server does not know of that for a long time.
class let_go {
 public:
  static let_go& of_process() {
    static let_go all;
    return all;
  }

  void add(std::int64_t started, int process) {
    const std::lock_guard turn(turn_);
    constexpr std::size_t most = 64;
    if (all_.size() == most) all_.erase(all_.begin());
    all_.emplace_back(started, process);
  }

  void end_on(connection& over) {
    array_parameter processes(array_parameter::type::integer);
    {
      const std::lock_guard turn(turn_);
      if (all_.empty()) return;
      for (const auto& [started, process] : all_) {
        if (started == over.facts().started) {
          processes.add_number(static_cast<std::uint64_t>(process));
        }
      }
    }
    parameters with;
    with.array(processes);
    // Without the right to do it, the lock has to be waited for.
    std::ignore = over.run_once(end_text, with, "end what was left behind");
  }

 private:
  std::mutex turn_;
  std::vector<std::pair<std::int64_t, int>> all_;
};

}  // namespace

result<database_lock> database_lock::take(connection over) {
  let_go::of_process().end_on(over);
  parameters none;
  if (auto locked = over.run_once(lock_text, none, "lock the store"); !locked) {
    auto why = std::move(locked).error();
    if (why.code == errc::unavailable) {
      why.detail = "another process has the store in " + over.where().shown() + " open";
    }
    return std::unexpected(std::move(why));
  }
  return database_lock(std::move(over));
}

database_lock::database_lock(database_lock&& other) noexcept
    : started_(other.started_), over_(std::move(other.over_)) {
  other.over_.reset();
}

void database_lock::release() {
  const std::lock_guard turn(turn_);
  if (!over_) return;
  let_go::of_process().add(started_, over_->facts().process);
  over_.reset();
}

}  // namespace keelson::backends::postgres
