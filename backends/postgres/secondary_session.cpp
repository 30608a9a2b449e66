#include <utility>

#include "backends/postgres/row_arrays.hpp"
#include "backends/postgres/rows.hpp"
#include "backends/postgres/sessions.hpp"
#include "backends/postgres/statements.hpp"

namespace keelson::backends::postgres {

namespace {

class postgres_secondary_session final : public secondary_session {
 public:
  postgres_secondary_session(writing_turn turn, connection over)
      : turn_(std::move(turn)), over_(std::move(over)) {}

  result<secondary_state> state() override {
    parameters none;
    const auto said = kept(over_.run(select_applied(), none, "read the applied position"));
    if (!said) return std::unexpected(said.error());
    return read_state(*said);
  }

  result<void> apply(const apply_batch& batch) override {
    rows_.fill(batch.rows);
    parameters with;
    with.number(batch.counts.documents).number(batch.counts.bytes);
    bind_point(with, batch.next);
    bind_point(with, batch.expected);
    rows_.bind_written(with);
    if (rows_.removes()) rows_.bind_removed(with);
    const auto said = kept(over_.run(apply_rows(rows_.removes()), with, "apply changes"));
    if (!said) return std::unexpected(said.error());
    if (said->rows() == 1) return {};
    return fail(errc::wrong_position, "the store does not stand where the replicator left it");
  }

  result<void> sync() override {
    parameters none;
    auto said = kept(over_.run(sync_applied(), none, "sync"));
    if (!said) return pass_on(std::move(said));
    return {};
  }

 private:
  result<answer> kept(result<answer> said) {
    if (!over_.alive()) turn_.store().give_up();
    return said;
  }

  writing_turn turn_;
  connection over_;
  row_arrays rows_;
};

}  // namespace

std::unique_ptr<secondary_session> new_secondary_session(writing_turn turn, connection over) {
  return std::make_unique<postgres_secondary_session>(std::move(turn), std::move(over));
}

}  // namespace keelson::backends::postgres
