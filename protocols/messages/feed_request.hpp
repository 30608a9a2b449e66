#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocols/messages/answer.hpp"
#include "protocols/model/change_filter.hpp"
#include "protocols/model/log_record.hpp"

namespace keelson::messages {

enum class since_kind : std::uint8_t { now, start, at };

/// What a client asks for with `since`.
struct since {
  since_kind what = since_kind::now;
  position at;  ///< with since_kind::at

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, since& x) {
    return f(x.what, x.at);
  }
};

/// Where a subscription begins: everything after `from` will be delivered.
struct resolved {
  position from;
  position end;     ///< of the log, when `from` was fixed
  position oldest;  ///< the smallest position that `since` accepts

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, resolved& x) {
    return f(x.from, x.end, x.oldest);
  }
};

struct replay_request {
  position from;
  change_filter filter;
  std::uint32_t max_records = 100'000;  ///< scanned
  std::uint32_t max_changes = 1000;     ///< passing the filter; ends at a commit's end
  std::uint32_t max_bytes = 1U << 20;   ///< of passing changes

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, replay_request& x) {
    return f(x.from, x.filter, x.max_records, x.max_changes, x.max_bytes);
  }
};

/// The changes that pass, in order; `to` is a commit's end and moves also when nothing passed.
struct replay_slice {
  std::vector<log_record> changes;
  std::vector<sequence> commit_ends;  ///< one a change: the last sequence of its commit
  position to;
  position end;  ///< of the log

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, replay_slice& x) {
    return f(x.changes, x.commit_ends, x.to, x.end);
  }
};

struct feed_status {
  std::uint64_t live = 0;
  std::uint64_t catching_up = 0;
  std::uint64_t ring_bytes = 0;
  std::uint64_t ring_changes = 0;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, feed_status& x) {
    return f(x.live, x.catching_up, x.ring_bytes, x.ring_changes);
  }
};

}  // namespace keelson::messages
