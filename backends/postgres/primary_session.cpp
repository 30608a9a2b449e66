#include <utility>

#include "backends/postgres/row_arrays.hpp"
#include "backends/postgres/rows.hpp"
#include "backends/postgres/sessions.hpp"
#include "backends/postgres/statements.hpp"

namespace keelson::backends::postgres {

namespace {

std::unexpected<error> fenced() {
  return fail(errc::fenced, "the log does not end where this writer left it");
}

class postgres_primary_session final : public primary_session {
 public:
  postgres_primary_session(writing_turn turn, connection over)
      : turn_(std::move(turn)), over_(std::move(over)) {}

  result<primary_meta> meta() override {
    parameters none;
    const auto said = kept(over_.run(select_meta(), none, "read the log's end"));
    if (!said) return std::unexpected(said.error());
    auto meta = read_meta(*said);
    if (meta) remember(*meta);
    return meta;
  }

  result<primary_view> read(std::span<const document_id> ids,
                            std::span<const std::string> system_keys) override {
    result<primary_view> view(
        primary_view{.documents = std::vector<std::optional<document>>(ids.size()),
                     .system = std::vector<std::optional<std::string>>(system_keys.size())});
    if (ids.empty() && system_keys.empty()) return view;
    ids_.fill(ids);
    system_keys_.clear();
    for (const auto& key : system_keys) system_keys_.add(key);
    parameters with;
    ids_.bind(with);
    with.array(system_keys_);
    const auto said = kept(over_.run(select_for_writer(), with, "read documents"));
    if (!said) return std::unexpected(said.error());
    for (int row = 0; row < said->rows(); ++row) {
      const auto at = static_cast<std::size_t>(said->natural(row, 0) - 1);
      if (said->is_null(row, 1)) {
        view->system[at] = said->bytes(row, 4);
        continue;
      }
      auto found = read_document(*said, row, 1, ids[at]);
      if (!found) return pass_on(std::move(found));
      view->documents[at] = *std::move(found);
    }
    return view;
  }

  result<void> commit(const commit_batch& batch) override {
    rows_.fill(batch.rows);
    records_.fill(batch.records);
    system_.fill(batch.system);
    const auto epochs = epochs_text(batch.next);
    parameters with;
    bind_meta(with, batch.next, epochs);
    with.number(batch.expected_last.value).number(batch.expected_term);
    rows_.bind_written(with);
    records_.bind(with);
    if (rows_.removes()) rows_.bind_removed(with);
    if (!system_.empty()) system_.bind(with);
    const auto said = over_.run(commit_group(rows_.removes(), !system_.empty()), with, "commit");
    if (!said) return unknown_if_lost(said.error());
    if (said->rows() == 0) return fenced();
    remember(batch.next);
    return {};
  }

  result<primary_meta> trim(sequence through, std::size_t max_records) override {
    if (!known_) {
      if (auto seen = meta(); !seen) return seen;
    }
    parameters with;
    with.number(std::uint64_t{max_records}).number(through.value);
    with.number(last_.value).number(term_);
    const auto said = over_.run(trim_log(), with, "trim the log");
    if (!said) return pass_on(unknown_if_lost(said.error()));
    if (said->integer(0, 0) == 0) return fenced();
    return meta();
  }

 private:
  void remember(const primary_meta& meta) {
    last_ = meta.last;
    term_ = meta.term;
    known_ = true;
  }

  /// A server that refuses says so; without an answer it may have committed.
  result<void> unknown_if_lost(error why) {
    if (!over_.alive()) {
      turn_.store().give_up();
      why.code = errc::outcome_unknown;
    }
    return std::unexpected(std::move(why));
  }

  result<answer> kept(result<answer> said) {
    if (!over_.alive()) turn_.store().give_up();
    return said;
  }

  writing_turn turn_;
  connection over_;
  id_arrays ids_;
  array_parameter system_keys_{array_parameter::type::bytea};
  row_arrays rows_;
  record_arrays records_;
  system_arrays system_;
  bool known_ = false;  ///< where the log ends
  sequence last_;
  std::uint64_t term_ = 0;
};

}  // namespace

std::unique_ptr<primary_session> new_primary_session(writing_turn turn, connection over) {
  return std::make_unique<postgres_primary_session>(std::move(turn), std::move(over));
}

}  // namespace keelson::backends::postgres
