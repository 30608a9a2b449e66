#include "actors/replicator/replicator.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <spdlog/spdlog.h>

#include "protocols/model/log_text.hpp"

namespace keelson::replicator {

using namespace messages;

replicator_state::~replicator_state() {
  // Only after a kill: a worker that nobody waits for still closes its store.
  if (worker_) caf::anon_send(worker_, stop_atom::value);
}

void replicator_state::begin(replicator_options options, primary_desk desk,
                             comparison_desk comparisons, std::vector<actors::store_user> users,
                             actors::worker_thread thread) {
  core_.emplace(options.core);
  options_ = std::move(options);
  desk_ = std::move(desk);
  comparisons_ = std::move(comparisons);
  users_ = std::move(users);
  thread_ = thread;
  spawn();
}

void replicator_state::spawn() {
  worker_ = actors::spawn_worker(self_, thread_, run_worker, options_->worker, primary_);
  ++life_;
}

void replicator_state::primary_opened(const actors::opened_store& primary) {
  if (primary.name != actors::primary_name) return;
  primary_->attach(primary.store);
  core_->primary_opened(primary.end, primary.base);
  pump();
}

void replicator_state::primary_closed(const std::string& name) {
  if (name != actors::primary_name) return;
  primary_->detach();
  core_->primary_closed();
  if (core_->busy()) {
    primary_->release();  // the worker may be in a call that does not return
  } else if (worker_) {
    self_->send(worker_, closed_atom::value);
  }
  pump();
}

void replicator_state::committed(const actors::group_ref& group) {
  core_->committed(group, now());
  pump();
}

void replicator_state::broken(const actors::history_break& news) {
  core_->history_broken(news.end);
  pump();
}

void replicator_state::tick(std::uint64_t generation) {
  if (generation != timer_) return;
  timer_at_.reset();
  pump();
  hold_log();
  if (options_->observe) options_->observe(status());
}

void replicator_state::hold_log() {
  const auto needed = core_->needs_log_after();
  if (!needed || needed == held_after_) return;
  held_after_ = needed;
  self_->send(desk_, hold_atom::value, options_->worker.name, *needed);
}

void replicator_state::pump() {
  if (auto next = core_->next(now())) {
    if (const auto* question = std::get_if<judge_step>(&*next)) {
      ask_judge(*question);
    } else {
      order(*std::move(next));
    }
  }
  ask_about_doubt();
  watch_state();
  if (core_->stopped()) {
    finish_stop();
  } else {
    set_timer();
  }
}

void replicator_state::order(step next) {
  if (std::holds_alternative<close_step>(next)) tell_closed();
  // No time-out: what hangs is seen by the core, and a second worker would be a second writer.
  self_->request(worker_, caf::infinite, start_atom::value, step_order{std::move(next)})
      .then(
          [this, life = life_](step_report& report) {
            if (life == life_) reported(report);
          },
          // The worker died: worker_down() sees to it.
          [](const caf::error&) {});
}

void replicator_state::reported(step_report& report) {
  if (report.result && report.result->opened) {
    const actors::opened_store news{.name = options_->worker.name, .store = report.result->opened};
    for (const auto& user : users_) self_->send(user, opened_atom::value, news);
    published_ = true;
  }
  core_->finished(std::move(report.result), now());
  pump();
}

void replicator_state::ask_judge(const judge_step& question) {
  self_
      ->request(desk_, options_->judge_timeout, witness_atom::value, question.at,
                options_->worker.name)
      .then(
          [this](answer<actors::testimony_result>& said) {
            core_->judged(std::move(said).take(), now());
            pump();
          },
          [this](const caf::error&) {
            core_->judged(fail(errc::unavailable, "the writer does not answer"), now());
            pump();
          });
}

void replicator_state::ask_about_doubt() {
  using question = doubt_watch::question;
  const auto next = core_->next_question(now());
  auto& doubts = core_->doubts();
  const auto asked = doubts.asked();
  const auto silent = fail(errc::unavailable, "the validator does not answer");
  if (next == question::pass) {
    self_
        ->request(comparisons_, options_->judge_timeout, verify_atom::value,
                  verify_request{.secondary = options_->worker.name})
        .then(
            [this, &doubts, asked](answer<std::string>& said) {
              doubts.began(asked, std::move(said).take(), now());
              if (!doubts.pass().empty()) {
                spdlog::info("component=replicator event=in_doubt secondary={} pass={} reason={}",
                             options_->worker.name, doubts.pass(), log_quoted(doubts.reason()));
              }
              pump();
            },
            [this, &doubts, asked, silent](const caf::error&) {
              doubts.began(asked, silent, now());
            });
  } else if (next == question::report) {
    self_->request(comparisons_, options_->judge_timeout, report_atom::value, doubts.pass())
        .then(
            [this, &doubts, asked](answer<verify_report>& said) {
              doubts.reported(asked, std::move(said).take(), now());
              pump();
            },
            [this, &doubts, asked, silent](const caf::error&) {
              doubts.reported(asked, silent, now());
            });
  }
}

void replicator_state::tell_closed() {
  if (!std::exchange(published_, false)) return;
  for (const auto& user : users_) self_->send(user, closed_atom::value, options_->worker.name);
}

void replicator_state::worker_down(const caf::down_msg& down) {
  if (down.source != worker_.address()) return;
  worker_ = worker_actor();
  if (core_->stopped()) return;
  tell_closed();
  core_->worker_lost(to_string(down.reason), now());
  if (!core_->stopped()) {
    options_->restarts.add();
    spawn();
  }
  pump();
}

void replicator_state::set_timer() {
  // Also when nothing is due: the lag is shown as it grows while a call hangs or the store is away.
  const auto look = now() + options_->core.check_interval;
  const auto wake = std::min(core_->wake_at(now()).value_or(look), look);
  if (timer_at_ && *timer_at_ <= wake) return;
  timer_at_ = wake;
  const auto wait = std::max(wake - now(), time_point::duration::zero());
  self_->delayed_send(self_, std::chrono::ceil<std::chrono::milliseconds>(wait), tick_atom::value,
                      ++timer_);
}

void replicator_state::watch_state() {
  const auto present = status();
  if (present.state == seen_ && present.reason == seen_reason_) return;
  seen_ = present.state;
  seen_reason_ = present.reason;
  spdlog::info("component=replicator secondary={} state={} reason={} applied={}", present.name,
               to_string(seen_), log_quoted(seen_reason_), present.applied.text());
  if (options_->observe) options_->observe(present);
}

secondary_status replicator_state::status() const {
  auto status = core_->status(options_->now());
  status.name = options_->worker.name;
  status.url = options_->shown_url;
  return status;
}

answer<secondary_status> replicator_state::after(result<void> verb) {
  if (!verb) return std::move(verb).error();
  pump();
  return status();
}

caf::result<stopped_atom> replicator_state::stop() {
  if (stopping_) return stopped_atom::value;
  stopping_ = self_->make_response_promise<stopped_atom>();
  auto promise = *stopping_;
  core_->stop();
  pump();
  return promise;
}

void replicator_state::finish_stop() {
  if (!stopping_ || std::exchange(finishing_, true)) return;
  const auto end = [this] {
    stopping_->deliver(stopped_atom::value);
    self_->quit();
  };
  if (!worker_) return end();
  self_->request(std::exchange(worker_, worker_actor()), caf::infinite, stop_atom::value)
      .then([end](stopped_atom) { end(); }, [end](const caf::error&) { end(); });
}

replicator_actor::behavior_type run_replicator(
    replicator_actor::stateful_pointer<replicator_state> self, replicator_options options,
    primary_desk desk, comparison_desk comparisons, std::vector<actors::store_user> users,
    actors::worker_thread thread) {
  auto& state = self->state;
  state.begin(std::move(options), std::move(desk), std::move(comparisons), std::move(users),
              thread);
  self->set_down_handler([&state](const caf::down_msg& down) { state.worker_down(down); });
  return {
      [&state](opened_atom, const actors::opened_store& store) { state.primary_opened(store); },
      [&state](closed_atom, const std::string& name) { state.primary_closed(name); },
      [&state](commit_atom, const actors::group_ref& group) { state.committed(group); },
      [](trimmed_atom, sequence) {},  // a store that the log does not reach is rebuilt
      [&state](replace_atom, const actors::history_break& news) { state.broken(news); },
      [&state](status_atom) { return state.status(); },
      [&state](pause_atom) { return state.after(state.core().pause()); },
      [&state](resume_atom) { return state.after(state.core().resume()); },
      [&state](rebuild_atom, const rebuild_request& asked) {
        const auto agreed = asked.confirmed != 0 ? consent::confirmed : consent::limited;
        return state.after(state.core().rebuild(agreed));
      },
      [&state](stop_atom) { return state.stop(); },
      [&state](tick_atom, std::uint64_t generation) { state.tick(generation); },
  };
}

}  // namespace keelson::replicator
