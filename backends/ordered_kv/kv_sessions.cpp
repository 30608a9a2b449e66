#include "backends/ordered_kv/kv_sessions.hpp"

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "backends/ordered_kv/codec.hpp"
#include "backends/ordered_kv/keys.hpp"
#include "backends/ordered_kv/reading.hpp"
#include "backends/ordered_kv/row_writer.hpp"

namespace keelson::backends::ordered_kv {

namespace {

class kv_primary_session final : public primary_session {
 public:
  explicit kv_primary_session(writing_turn turn)
      : turn_(std::move(turn)), newest_(engine().latest()), batch_(engine().new_batch()) {}

  result<primary_meta> meta() override { return read_primary_meta(*newest_); }

  result<primary_view> read(std::span<const document_id> ids,
                            std::span<const std::string> system_keys) override;
  result<void> commit(const commit_batch& batch) override;
  result<primary_meta> trim(sequence through, std::size_t max_records) override;

 private:
  void begin() {
    batch_->clear();
    writer_.begin(*batch_);
  }

  [[nodiscard]] kv_engine& engine() const { return turn_.engine(); }

  writing_turn turn_;
  std::unique_ptr<kv_view> newest_;
  std::unique_ptr<kv_batch> batch_;
  row_writer writer_;
  key_list keys_;
};

result<primary_view> kv_primary_session::read(std::span<const document_id> ids,
                                              std::span<const std::string> system_keys) {
  keys_.clear();
  for (const auto& id : ids) keys_.add_document(id);
  for (const auto& key : system_keys) keys_.add_system(key);

  result<primary_view> view(std::in_place);
  view->documents.resize(ids.size());
  view->system.resize(system_keys.size());
  const auto sink = [&](std::size_t index, std::string_view value) -> result<void> {
    if (index >= ids.size()) {
      view->system[index - ids.size()].emplace(value);
      return {};
    }
    auto decoded = decode_document(ids[index], value);
    if (!decoded) return pass_on(std::move(decoded));
    view->documents[index] = std::move(*decoded);
    return {};
  };
  if (auto done = newest_->get(keys_.views(), sink); !done) return pass_on(std::move(done));
  return view;
}

result<void> kv_primary_session::commit(const commit_batch& batch) {
  begin();
  writer_.rows(batch.rows);
  writer_.records(batch.records);
  writer_.system(batch.system);
  writer_.meta(batch.next);

  const std::scoped_lock alone(engine().writing());
  const auto present = read_primary_meta(*newest_);
  if (!present) return std::unexpected(present.error());
  if (present->last != batch.expected_last || present->term != batch.expected_term) {
    return fail(errc::fenced, "the log stands at " + std::to_string(present->last.value) +
                                  " in term " + std::to_string(present->term) + ", not at " +
                                  std::to_string(batch.expected_last.value) + " in term " +
                                  std::to_string(batch.expected_term));
  }
  return engine().write(*batch_, write_mode::synced);
}

result<primary_meta> kv_primary_session::trim(sequence through, std::size_t max_records) {
  const std::scoped_lock alone(engine().writing());
  auto meta = read_primary_meta(*newest_);
  if (!meta || through <= meta->oldest || max_records == 0) return meta;

  begin();
  std::vector<sequence> open;  // records of the commit whose end is not reached yet
  std::uint64_t open_bytes = 0;
  std::size_t seen = 0;
  const auto take = [&](std::string_view key, std::string_view value) -> result<step> {
    const auto at = parse_log_key(key);
    if (!at) return std::unexpected(at.error());
    const auto record = decode_log_record(*at, value);
    if (!record) return std::unexpected(record.error());
    open.push_back(*at);
    open_bytes += log_bytes_of(*record);
    if (record->ends_commit != 0) {
      for (const auto each : open) writer_.forget(each);
      meta->log_bytes -= std::min(meta->log_bytes, open_bytes);
      meta->oldest = *at;
      meta->oldest_chain = record->chain;
      open.clear();
      open_bytes = 0;
    }
    return ++seen < max_records ? step::go_on : step::stop;
  };
  const auto before = meta->oldest;
  auto done = newest_->visit(log_range(before, through), direction::forward, take);
  if (!done) return pass_on(std::move(done));
  if (meta->oldest == before) return meta;
  writer_.meta(*meta);
  if (auto written = engine().write(*batch_, write_mode::unsynced); !written) {
    return pass_on(std::move(written));
  }
  return meta;
}

class kv_secondary_session final : public secondary_session {
 public:
  explicit kv_secondary_session(writing_turn turn)
      : turn_(std::move(turn)), newest_(engine().latest()), batch_(engine().new_batch()) {}

  result<secondary_state> state() override { return read_secondary_state(*newest_); }

  result<void> apply(const apply_batch& batch) override {
    batch_->clear();
    writer_.begin(*batch_);
    writer_.rows(batch.rows);
    writer_.state(batch.next, batch.counts);

    const std::scoped_lock alone(engine().writing());
    const auto present = read_secondary_state(*newest_);
    if (!present) return std::unexpected(present.error());
    if (present->point != batch.expected) {
      return fail(errc::wrong_position, "the store stands at " + present->point.at.at.text() +
                                            ", not at " + batch.expected.at.at.text());
    }
    return engine().write(*batch_, write_mode::unsynced);
  }

  result<void> sync() override { return engine().sync(); }

 private:
  [[nodiscard]] kv_engine& engine() const { return turn_.engine(); }

  writing_turn turn_;
  std::unique_ptr<kv_view> newest_;
  std::unique_ptr<kv_batch> batch_;
  row_writer writer_;
};

}  // namespace

std::unique_ptr<primary_session> make_primary_session(writing_turn turn) {
  return std::make_unique<kv_primary_session>(std::move(turn));
}

std::unique_ptr<secondary_session> make_secondary_session(writing_turn turn) {
  return std::make_unique<kv_secondary_session>(std::move(turn));
}

}  // namespace keelson::backends::ordered_kv
