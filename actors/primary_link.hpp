#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "backends/store.hpp"

namespace keelson::actors {

/// The session on the primary's store of a worker that also has a secondary, which the worker's
/// actor can have let go at any time except in the middle of a read: a worker that hangs in a call
/// on the secondary must not keep the primary from being closed and opened again. Threads: `use`
/// and `drop` the worker's, the rest any.
class primary_link {
 public:
  void attach(std::shared_ptr<backends::store> store);
  /// From now on `use` fails. The session itself is closed by release().
  void detach();
  /// Closes a session whose store is no longer attached, if it is not being read right now; else
  /// the reading thread does when it is done.
  void release();

  /// Calls `read(primary_reader&)`, which returns a result; unavailable while there is no primary.
  template <class Read>
  auto use(Read&& read) -> decltype(read(std::declval<backends::primary_reader&>())) {
    auto done = [&]() -> decltype(read(std::declval<backends::primary_reader&>())) {
      const std::scoped_lock reading(reading_);
      auto session = current_session();
      if (!session) return std::unexpected(session.error());
      return read(**session);
    }();
    release();
    return done;
  }

  /// Closes the session; the next use opens another one.
  void drop();

 private:
  [[nodiscard]] result<backends::primary_reader*> current_session();

  std::mutex reading_;  ///< guards session_ and session_of_; held for the time of a read
  std::unique_ptr<backends::primary_reader> session_;
  std::atomic<std::uint64_t> session_of_{0};

  std::mutex changing_;  ///< guards store_; held shortly
  std::shared_ptr<backends::store> store_;
  std::atomic<std::uint64_t> attached_{0};  ///< raised at each attach and detach
};

}  // namespace keelson::actors
