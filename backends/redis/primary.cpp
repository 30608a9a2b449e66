#include "backends/redis/primary.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "backends/redis/lasting.hpp"
#include "backends/redis/log_reading.hpp"
#include "backends/redis/put_rows.hpp"
#include "backends/redis/stored.hpp"
#include "backends/redis/stored_log.hpp"

namespace keelson::backends::redis {

namespace {

error unknown(std::string detail) {
  return {.code = errc::outcome_unknown, .detail = std::move(detail)};
}

/// A commit is one MULTI/EXEC under a WATCH of the meta: a second writer makes it fail. Each one
/// also watches and reads the meta for the next, so that it takes one round trip. With it comes the
/// setting under which the server syncs it; without the right one it is not acknowledged.
class redis_primary final : public primary_session {
 public:
  redis_primary(writing_turn turn, layout names, connection server)
      : turn_(std::move(turn)), names_(std::move(names)), server_(std::move(server)) {}

  result<primary_meta> meta() override {
    if (auto read = watch(); !read) return pass_on(std::move(read));
    return *watched_;
  }

  result<primary_view> read(std::span<const document_id> ids,
                            std::span<const std::string> system_keys) override {
    primary_view view;
    if (ids.empty() && system_keys.empty()) return view;
    out_.clear();
    for (const auto& id : ids) ask_document(out_, names_, id, scan_content::whole);
    for (const auto& key : system_keys) out_.add("HGET", names_.system(), key);
    auto answers = server_.exchange(out_);
    if (!answers) return pass_on(std::move(answers));
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto& answer = (*answers)[i];
      if (answer.failed()) return std::unexpected(to_error(answer));
      view.documents.push_back(read_document(answer, ids[i]));
    }
    for (std::size_t i = ids.size(); i < answers->size(); ++i) {
      auto& answer = (*answers)[i];
      if (answer.failed()) return std::unexpected(to_error(answer));
      auto& row = view.system.emplace_back();
      if (answer.what == reply::kind::text) row = std::move(answer.text);
    }
    return view;
  }

  result<void> commit(const commit_batch& batch) override {
    for (int left = most_tries; left > 0; --left) {
      if (!stands_at(batch.expected_last, batch.expected_term)) {
        if (auto read = watch(); !read) return read;
      }
      if (!stands_at(batch.expected_last, batch.expected_term)) return fenced();
      out_.clear();
      out_.add("MULTI");
      put_rows(out_, names_, batch.rows);
      put_records(out_, names_, batch.records);
      put_system(out_, names_, batch.system);
      put_meta(out_, names_, batch.next);
      const auto written = execute();
      if (!written) return std::unexpected(written.error());
      if (*written) return {};
    }
    return fenced();
  }

  result<primary_meta> trim(sequence through, std::size_t max_records) override {
    auto before = meta();
    if (!before || through <= before->oldest) return before;
    auto after = trimmed(server_, names_, *before, through, max_records);
    if (!after || after->oldest == before->oldest) return after;
    out_.clear();
    out_.add("MULTI");
    trim_records(out_, names_, after->oldest);
    put_meta(out_, names_, *after);
    const auto written = execute();
    if (!written) return std::unexpected(written.error());
    if (!*written) return pass_on(fenced());
    return after;
  }

 private:
  static result<void> fenced() {
    return fail(errc::fenced, "the log does not end where this writer left it");
  }

  [[nodiscard]] bool stands_at(sequence last, std::uint64_t term) const {
    return watched_ && watched_->last == last && watched_->term == term;
  }

  result<void> watch() {
    out_.clear();
    out_.add("UNWATCH");
    ask_lasting(out_);
    out_.add("WATCH", names_.meta());
    ask_meta(out_, names_);
    const auto answers = server_.exchange(out_);
    watched_.reset();
    if (!answers) return std::unexpected(answers.error());
    const auto settings = std::span(*answers).subspan(1, lasting_questions);
    if (auto lasts = check_lasting(settings); !lasts) {
      return fail(errc::unavailable, std::move(lasts).error().detail);
    }
    return keep(answers->back());
  }

  result<void> keep(const reply& answer) {
    watched_.reset();
    auto read = read_meta(answer);
    if (!read) return pass_on(std::move(read));
    watched_ = *std::move(read);
    return {};
  }

  /// Ends and sends the MULTI in `out_`. Whether it took effect; not if the meta was touched since
  /// it was watched.
  result<bool> execute() {
    ask_lasting(out_);
    out_.add("EXEC").add("WATCH", names_.meta());
    ask_meta(out_, names_);
    const auto answers = server_.exchange(out_);
    watched_.reset();
    if (!answers) return std::unexpected(unknown(answers.error().detail));
    if (answers->front().failed()) {
      // Without its MULTI, what followed took effect one by one, if at all.
      return std::unexpected(unknown(to_error(answers->front()).detail));
    }
    const auto& done = (*answers)[answers->size() - 3];
    if (done.failed()) {
      const auto refused = std::ranges::find_if(*answers, &reply::failed);
      return std::unexpected(to_error(*refused));
    }
    if (done.what == reply::kind::nil) return false;
    if (done.items.size() < lasting_questions) {
      return std::unexpected(unknown("EXEC gave no list"));
    }
    if (auto lasts = check_lasting(std::span(done.items).last(lasting_questions)); !lasts) {
      return std::unexpected(unknown("it was written, but " + lasts.error().detail));
    }
    if (auto whole = whole_effect(done); !whole) return pass_on(std::move(whole));
    // What it says now is for the next call: it may already be somebody else's.
    std::ignore = keep(answers->back());
    return true;
  }

  writing_turn turn_;
  layout names_;
  connection server_;
  command_buffer out_;
  std::optional<primary_meta> watched_;  ///< while the server watches it for us
};

}  // namespace

std::unique_ptr<primary_session> new_primary(writing_turn turn, layout names, connection server) {
  return std::make_unique<redis_primary>(std::move(turn), std::move(names), std::move(server));
}

}  // namespace keelson::backends::redis
