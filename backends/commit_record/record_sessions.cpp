#include "backends/commit_record/record_sessions.hpp"

#include <string>
#include <tuple>

#include "backends/commit_record/log_reading.hpp"
#include "backends/commit_record/record_reading.hpp"
#include "backends/commit_record/record_writer.hpp"
#include "backends/ordered_kv/codec.hpp"

namespace keelson::backends::commit_record {

namespace {

std::string state_of(const primary_meta& meta) {
  std::string state;
  ordered_kv::encode_primary_meta(state, meta);
  return state;
}

std::string state_of(const store_point& point, const store_counts& counts) {
  std::string state;
  ordered_kv::encode_secondary_state(state, point, counts);
  return state;
}

class record_primary_session final : public primary_session {
 public:
  explicit record_primary_session(writing_turn turn)
      : turn_(std::move(turn)), writer_(turn_.engine()) {}

  result<primary_meta> meta() override {
    const auto newest = writer_.refresh();
    if (!newest) return std::unexpected(newest.error());
    return ordered_kv::decode_primary_meta(newest->state);
  }

  /// This session's rows are all raised, so nothing is laid over what is stored.
  result<primary_view> read(std::span<const document_id> ids,
                            std::span<const std::string> system_keys) override {
    if (auto newest = writer_.newest(); !newest) return pass_on(std::move(newest));
    result<primary_view> view(std::in_place);
    view->documents.resize(ids.size());
    const auto sink = [&](std::size_t index, document found) -> result<void> {
      view->documents[index] = std::move(found);
      return {};
    };
    if (auto done = engine().get(ids, sink); !done) return pass_on(std::move(done));
    for (const auto& key : system_keys) {
      auto value = engine().system_value(key);
      if (!value) return pass_on(std::move(value));
      view->system.push_back(*std::move(value));
    }
    return view;
  }

  result<void> commit(const commit_batch& batch) override {
    const auto newest = writer_.newest();
    if (!newest) return std::unexpected(newest.error());
    const auto meta = ordered_kv::decode_primary_meta(newest->state);
    if (!meta) return std::unexpected(meta.error());
    if (meta->last != batch.expected_last || meta->term != batch.expected_term) {
      return fail(errc::fenced, "the store stands at another sequence or term");
    }
    return writer_.append({.last = batch.next.last,
                           .state = state_of(batch.next),
                           .floor = newest->floor,
                           .rows = batch.rows,
                           .records = batch.records,
                           .system = batch.system});
  }

  result<primary_meta> trim(sequence through, std::size_t max_records) override {
    const auto newest = writer_.newest();
    if (!newest) return std::unexpected(newest.error());
    auto before = ordered_kv::decode_primary_meta(newest->state);
    if (!before) return before;
    auto after = trimmed(engine(), *newest, through, max_records);
    if (!after || after->oldest == before->oldest) return after;
    const auto floor = engine().seek(newest->floor, {after->oldest.value + 1});
    if (!floor) return std::unexpected(floor.error());
    auto done = writer_.append({.last = after->last, .state = state_of(*after), .floor = *floor});
    if (!done) return pass_on(std::move(done));
    // What is left behind goes with the next trim.
    std::ignore = engine().sweep(floor->value_or(newest->number + 1));
    return after;
  }

 private:
  [[nodiscard]] record_engine& engine() const { return turn_.engine(); }

  writing_turn turn_;
  record_writer writer_;
};

class record_secondary_session final : public secondary_session {
 public:
  explicit record_secondary_session(writing_turn turn)
      : turn_(std::move(turn)), writer_(turn_.engine()) {}

  result<secondary_state> state() override {
    const auto newest = writer_.refresh();
    if (!newest) return std::unexpected(newest.error());
    return ordered_kv::decode_secondary_state(newest->state);
  }

  result<void> apply(const apply_batch& batch) override {
    const auto newest = writer_.newest();
    if (!newest) return std::unexpected(newest.error());
    const auto state = ordered_kv::decode_secondary_state(newest->state);
    if (!state) return std::unexpected(state.error());
    if (state->point != batch.expected) return elsewhere();
    // Only the newest record is of use, so its own number is its floor.
    auto done = writer_.append({.state = state_of(batch.next, batch.counts), .rows = batch.rows});
    if (!done && done.error().code == errc::fenced) return elsewhere();
    if (done && newest->number % records_between_sweeps == 0) {
      std::ignore = turn_.engine().sweep(newest->number);  // or with a later one
    }
    return done;
  }

  /// Each record is durable when its insert returns, and all else follows from it.
  result<void> sync() override { return {}; }

 private:
  static constexpr std::uint64_t records_between_sweeps = 16;

  static std::unexpected<error> elsewhere() {
    return fail(errc::wrong_position, "the store stands at another point");
  }

  writing_turn turn_;
  record_writer writer_;
};

/// What every reader does, under either of the contract's interfaces.
template <class Interface>
class record_reader : public Interface {
 public:
  record_reader(std::shared_ptr<record_engine> engine, store_role role)
      : engine_(std::move(engine)), role_(role) {}

  result<store_point> point() override {
    const auto newest = read_newest(*engine_);
    if (!newest) return std::unexpected(newest.error());
    return point_of(role_, *newest);
  }
  result<documents_read> get(std::span<const document_id> ids, std::size_t max_bytes) override {
    return read_documents(*engine_, role_, ids, max_bytes);
  }
  result<scan_page> scan(const scan_request& request) override {
    return read_page(*engine_, role_, request);
  }

 protected:
  [[nodiscard]] record_engine& engine() const { return *engine_; }

 private:
  std::shared_ptr<record_engine> engine_;
  store_role role_;
};

class record_primary_reader final : public record_reader<primary_reader> {
 public:
  explicit record_primary_reader(std::shared_ptr<record_engine> engine)
      : record_reader(std::move(engine), store_role::primary) {}

  result<primary_meta> meta() override { return read_meta(engine()); }
  result<log_slice> read_log(sequence after, std::size_t max_records,
                             std::size_t max_bytes) override {
    return read_log_slice(engine(), after, max_records, max_bytes);
  }
  result<std::optional<hash256>> chain_at(sequence at) override { return read_chain(engine(), at); }
  result<std::vector<system_row>> system_rows(std::string_view prefix, std::string_view after,
                                              std::size_t limit) override {
    return read_system_rows(engine(), prefix, after, limit);
  }
};

}  // namespace

result<writing_turn> writing_turn::take(std::shared_ptr<record_engine> of, flag taken) {
  if (taken->exchange(true)) {
    return fail(errc::busy, "another session is writing to this store");
  }
  return writing_turn(std::move(of), std::move(taken));
}

result<std::unique_ptr<primary_session>> make_primary_session(writing_turn turn) {
  auto session = std::make_unique<record_primary_session>(std::move(turn));
  if (auto stands = session->meta(); !stands) return pass_on(std::move(stands));
  return session;
}

result<std::unique_ptr<secondary_session>> make_secondary_session(writing_turn turn) {
  auto session = std::make_unique<record_secondary_session>(std::move(turn));
  if (auto stands = session->state(); !stands) return pass_on(std::move(stands));
  return session;
}

std::unique_ptr<store_reader> make_reader(std::shared_ptr<record_engine> engine, store_role role) {
  return std::make_unique<record_reader<store_reader>>(std::move(engine), role);
}

std::unique_ptr<primary_reader> make_primary_reader(std::shared_ptr<record_engine> engine) {
  return std::make_unique<record_primary_reader>(std::move(engine));
}

}  // namespace keelson::backends::commit_record
