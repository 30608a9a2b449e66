#include <set>
#include <utility>

#include <caf/actor_system.hpp>
#include <spdlog/spdlog.h>

#include "actors/validator/validator_front.hpp"
#include "protocols/model/log_text.hpp"

// The full comparisons of the validator: each part's next step is sent to its secondary's scanner,
// and what comes back goes to ledger, metrics and log.
namespace keelson::validator {

using namespace messages;

namespace {

constexpr std::size_t relooks_a_step = 512;

}  // namespace

messages::answer<std::string> validator_state::verify(const verify_request& asked) {
  if (stopped_) return error{.code = errc::unavailable, .detail = "the service is stopping"};
  const auto begun = passes_->begin(asked, clock_());
  if (!begun) return begun.error();
  const auto& next = *begun;
  spdlog::info("component=validator event=pass_began pass={} secondaries={}", next->id(),
               next->parts().size());
  for (std::size_t part = 0; part < next->parts().size(); ++part) advance(next, part);
  return next->id();
}

void validator_state::advance(const std::string& id, std::size_t part) {
  const auto known = passes_->find(id);
  if (known && known->parts()[part].running()) advance(known, part);
}

void validator_state::advance(const std::shared_ptr<pass>& running, std::size_t part) {
  switch (running->parts()[part].next(now())) {
    case pass_step::piece:
      compare_piece(running, part);
      return;
    case pass_step::relook:
      look_again(running, part);
      return;
    case pass_step::wait:
      self_->delayed_send(self_, options_->relook_interval, tick_atom::value, running->id(),
                          std::uint64_t{part});
      return;
    case pass_step::finish:
      if (!running->running()) ended(*running);
      return;
  }
}

void validator_state::compare_piece(const std::shared_ptr<pass>& running, std::size_t part) {
  const auto began = ++ordinal_;
  auto& of = running->parts()[part];
  self_
      ->request(lane_of(of.name()).scanner.actor, caf::infinite, compare_atom::value,
                of.next_piece())
      .then([this, running, part,
             began](const piece_result& piece) { took_piece(running, part, began, piece); },
            [this, running, part, began](const caf::error&) {
              took_piece(running, part, began,
                         {.failed = error{.code = errc::unavailable,
                                          .detail = "the validator's worker died"}});
            });
}

void validator_state::took_piece(const std::shared_ptr<pass>& running, std::size_t part,
                                 ordinal began, const piece_result& piece) {
  auto& of = running->parts()[part];
  if (!of.running()) return;
  auto& at = lane_of(of.name());
  record_all(*running, at, piece.others, began);
  if (!piece.failed && piece.unread.empty()) {
    std::set<document_id> not_equal;
    for (const auto& judged : piece.others) not_equal.insert(judged.id);
    ledger_->settle(
        of.name(),
        {.collection = running->collection(), .after = of.next_piece().after, .until = piece.until},
        not_equal, began);
    at.metrics.comparisons[comparison::equal].add(piece.equal);
  }
  show_gauges(at);
  of.add_piece(piece, now());
  advance(running, part);
}

void validator_state::look_again(const std::shared_ptr<pass>& running, std::size_t part) {
  const auto began = ++ordinal_;
  auto& of = running->parts()[part];
  const auto& before = of.take_relook(relooks_a_step);
  self_
      ->request(lane_of(of.name()).scanner.actor, caf::infinite, compare_atom::value,
                relook_job{before})
      .then(
          [this, running, part, began](const compared_documents& compared) {
            took_relook(running, part, began, compared);
          },
          [this, running, part, began, before](const caf::error&) {
            took_relook(running, part, began, {.judgements = before});
          });
}

void validator_state::took_relook(const std::shared_ptr<pass>& running, std::size_t part,
                                  ordinal began, const compared_documents& compared) {
  auto& of = running->parts()[part];
  if (!of.running()) return;
  auto& at = lane_of(of.name());
  record_all(*running, at, compared.judgements, began);
  show_gauges(at);
  of.add_relook(compared.judgements, compared.at);
  advance(running, part);
}

void validator_state::record_all(pass& of, lane& at, const std::vector<judgement>& judgements,
                                 ordinal began) {
  const auto arrived = ++ordinal_;
  for (const auto& judged : judgements) {
    record(at, judged, began, arrived);
    if (judged.outcome == comparison::different) {
      of.found(shown(at.secondary.name, judged, clock_()));
    }
  }
}

void validator_state::ended(const pass& done) {
  const auto state = to_string(done.state());
  if (done.collection().empty() && done.state() != pass_state::stopped) {
    last_full_pass_ = done.id();
    last_full_state_ = state;
    last_full_at_ = clock_();
  }
  for (const auto& part : done.report().secondaries) {
    spdlog::info(
        "component=validator event=pass_ended pass={} secondary={} state={} equal={} pending={} "
        "different={} unknown={} reason={}",
        done.id(), part.name, to_string(part.state), part.counts.equal, part.counts.pending,
        part.counts.different, part.counts.unknown, log_quoted(part.reason));
  }
}

}  // namespace keelson::validator
