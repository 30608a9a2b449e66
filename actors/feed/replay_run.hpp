#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include "protocols/messages/feed_request.hpp"
#include "protocols/messages/read_request.hpp"

namespace keelson::feed {

/// One replay of the log, read in pieces: what passes the filter is kept, whole commits only.
class replay_run {
 public:
  explicit replay_run(messages::replay_request request);

  /// The piece to read next.
  [[nodiscard]] messages::log_request next() const;

  enum class progress : std::uint8_t { more, done };
  /// Takes what was read. Its records may be moved from. history_lost when the log has gone on to
  /// another history, or past the place where this replay stands.
  [[nodiscard]] result<progress> take(messages::log_reply& piece);
  [[nodiscard]] messages::replay_slice finish() && { return std::move(slice_); }

 private:
  void take_commit(std::span<log_record> commit);

  messages::replay_request request_;
  messages::replay_slice slice_;
  std::uint64_t scanned_ = 0;
  std::uint64_t bytes_ = 0;
};

/// The smallest position that `since` accepts.
[[nodiscard]] position oldest_position(const messages::log_reply& log);

}  // namespace keelson::feed
