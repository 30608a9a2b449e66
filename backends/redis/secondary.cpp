#include "backends/redis/secondary.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "backends/redis/doubts.hpp"
#include "backends/redis/put_rows.hpp"
#include "backends/redis/stored.hpp"

namespace keelson::backends::redis {

namespace {

/// An apply is one MULTI/EXEC under a WATCH of the state. Each one also watches and reads the state
/// for the next, so that it takes one round trip.
class redis_secondary final : public secondary_session {
 public:
  redis_secondary(writing_turn turn, layout names, connection server, std::uint32_t database)
      : turn_(std::move(turn)),
        names_(std::move(names)),
        server_(std::move(server)),
        doubts_(names_, database) {}

  result<secondary_state> state() override {
    if (auto read = watch(); !read) return pass_on(std::move(read));
    return watched_->state;
  }

  result<void> apply(const apply_batch& batch) override {
    for (int left = most_tries; left > 0; --left) {
      if (!watched_ || watched_->state.point != batch.expected) {
        if (auto read = watch(); !read) return read;
      }
      if (watched_->state.point != batch.expected) {
        return fail(errc::wrong_position, "the store does not stand where the replicator left it");
      }
      const auto written = write(batch);
      if (!written) return std::unexpected(written.error());
      if (*written) return {};
    }
    return fail(errc::store_io, "somebody else writes to the state all the time");
  }

  /// What a server keeps when it crashes is its own setting, which no command overrules.
  result<void> sync() override { return {}; }

  result<std::string> doubt() override {
    watched_.reset();
    return doubts_.find(server_);
  }

  result<void> trust() override {
    watched_.reset();
    return doubts_.settle(server_);
  }

 private:
  result<void> watch() {
    out_.clear();
    out_.add("UNWATCH").add("WATCH", names_.state());
    ask_state(out_, names_);
    const auto answers = server_.exchange(out_);
    if (!answers) return std::unexpected(answers.error());
    return keep(answers->back());
  }

  result<void> keep(const reply& answer) {
    watched_.reset();
    auto read = read_state(answer);
    if (!read) return pass_on(std::move(read));
    watched_ = std::move(*read);
    return {};
  }

  /// Whether it was written; not if the state was touched since it was watched.
  result<bool> write(const apply_batch& batch) {
    out_.clear();
    out_.add("MULTI");
    put_rows(out_, names_, batch.rows);
    put_state(out_, names_, {batch.next, batch.counts});
    out_.add("EXEC").add("WATCH", names_.state());
    ask_state(out_, names_);
    const auto answers = server_.exchange(out_);
    watched_.reset();
    if (!answers) return std::unexpected(answers.error());
    const auto& done = (*answers)[answers->size() - 3];
    if (done.failed()) {
      const auto refused = std::ranges::find_if(*answers, &reply::failed);
      return std::unexpected(to_error(*refused));
    }
    if (done.what == reply::kind::nil) return false;
    if (auto whole = whole_effect(done); !whole) return pass_on(std::move(whole));
    // What it says now is for the next call: it may already be somebody else's.
    if (auto kept = keep(answers->back()); !kept) return std::unexpected(kept.error());
    return true;
  }

  writing_turn turn_;
  layout names_;
  connection server_;
  command_buffer out_;
  std::optional<stored_state> watched_;  ///< while the server watches it for us
  doubts doubts_;
};

}  // namespace

std::unique_ptr<secondary_session> new_secondary(writing_turn turn, layout names, connection server,
                                                 std::uint32_t database) {
  return std::make_unique<redis_secondary>(std::move(turn), std::move(names), std::move(server),
                                           database);
}

}  // namespace keelson::backends::redis
