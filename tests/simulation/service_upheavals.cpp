#include <algorithm>
#include <filesystem>

#include "tests/simulation/simulated_service.hpp"

// What befalls the simulated service as a whole, and how its operator answers.

namespace keelson::test {

using namespace messages;
using backends::store_point;

void simulated_service::restart() {
  end_process();
  const bool older_secondary = what_.restores && !copies_.empty() && draw(4) == 0;
  if (older_secondary) secondary_.put_back(copies_[draw(copies_.size())].secondary);
  start_process();
}

/// In order, or not, with or without power.
void simulated_service::end_process() {
  for (auto& each : subscribers_) each.cut_off();
  if (draw(2) == 0) {
    primary_faults_->call_off();
    secondary_faults_->call_off();
    deaths_->call_off();
    process_->stop();
    const bool all = std::ranges::all_of(writes_, [](const auto& w) { return w.answer || w.cut; });
    found_.expect(all, "a write had no answer when the service had stopped");
  } else {
    process_->kill();
    for (auto& write : writes_) write.cut = write.cut || !write.answer;
  }
  watch_secondary();
  if (draw(2) == 0) {
    primary_.lose_power();
    secondary_.lose_power();
  }
}

void simulated_service::put_back_while_down() {
  end_process();
  const auto copy = copies_[draw(copies_.size())];
  exchange_primary(copy);
  if (made_wrong_ == mutation::hides_restore) {
    std::filesystem::remove(around_->folder->mark_file());
    secondary_.put_back(copy.secondary);
  }
  if (made_wrong_ == mutation::none && draw(2) == 0) return start_without_mark();
  start_process();
  if (made_wrong_ == mutation::agrees_unasked) {
    world_.advance(std::chrono::seconds(3));
    agree_to_rebuild();
  }
}

void simulated_service::start_without_mark() {
  // Only the secondary knows better, and of the last epoch, so that what it proves is above all
  // that was lost. Nobody writes until it was heard.
  const auto point = point_of_secondary();
  const bool of_the_last = std::ranges::none_of(history_.lost(), [&](const whole_log& log) {
    return log.meta.epoch().base > point.at.at.at;
  });
  const bool knows_better =
      of_the_last && point.what != store_point::phase::empty && !history_.knows(point.at);
  if (knows_better) {
    std::filesystem::remove(around_->folder->mark_file());
    primary_faults_->call_off();
    secondary_faults_->call_off();
    deaths_->call_off();
  }
  start_process();
  if (knows_better) world_.advance(std::chrono::seconds(3));
}

void simulated_service::put_back_while_running() {
  process_->cut_primary_line();
  exchange_primary(copies_[draw(copies_.size())]);
}

void simulated_service::exchange_primary(const disk_copy& copy) {
  const auto before = history_.meta().end();
  history_.lose_present();
  primary_.put_back(copy.primary);
  if (!history_.knows(before)) ++lossy_restores_;
}

store_point simulated_service::point_of_secondary() const {
  return secondary_.look_at_secondary()->point().value_or(store_point());
}

void simulated_service::watch_secondary() {
  const auto point = point_of_secondary();
  if (point == secondary_at_) return;
  const bool was_lost =
      secondary_at_.what != store_point::phase::empty && !history_.knows(secondary_at_.at);
  if (was_lost && !consented_) {
    found_.expect(!history_.knows(point.at) && history_.knew(point.at),
                  "a secondary that was ahead, at " + secondary_at_.at.at.text() +
                      ", was overwritten unasked, up to " + point.at.at.text());
  }
  if (history_.knows(point.at)) consented_ = false;
  secondary_at_ = point;
}

void simulated_service::compare_secondary() {
  const auto point = point_of_secondary();
  if (point.what != store_point::phase::applied) return;
  found_.expect(documents_of_secondary() == history_.documents(point.at.at, {}),
                "the secondary does not hold the documents as of its point, " + point.at.at.text());
}

bool simulated_service::secondary_needs_consent() const {
  // A rebuild that was agreed to asks again when its process or its epoch ended before it did.
  return agreed_ || secondary_at_.what == store_point::phase::rebuilding ||
         !history_.knows(secondary_at_.at);
}

void simulated_service::look_after_secondary() {
  const auto status = secondary();
  watch_secondary();
  // It may wait for no reason until the primary is there and says so.
  if (status.state != component_state::confirmation_required || !secondary_needs_consent()) return;
  consented_ = true;
  agree_to_rebuild();
}

void simulated_service::agree_to_rebuild() {
  agreed_ = true;
  std::ignore = world_.ask<answer<secondary_status>>(process_->parts().secondaries[0].replicator,
                                                     rebuild_atom::value, rebuild_request{1});
}

}  // namespace keelson::test
