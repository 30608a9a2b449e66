#include "actors/system/observatory.hpp"

#include <array>

#include "actors/feed/feed_ring.hpp"
#include "backends/decorators/instrumented.hpp"
#include "metrics/store_metrics.hpp"

namespace keelson::system {

using messages::component_state;

namespace {

/// Turns what a replicator says now and then into metrics; belongs to the replicator's thread.
class secondary_observer_state {
 public:
  secondary_observer_state(metrics::registry& in, const std::string& name)
      : metrics_(in, name, words_of(messages::secondary_states)) {}

  void operator()(const messages::secondary_status& now) {
    metrics_.show(to_string(now.state));
    metrics_.lag_changes.set(static_cast<double>(now.lag_changes));
    metrics_.lag_seconds.set(now.lag_seconds);
    metrics_.documents.set(static_cast<double>(now.documents));
    metrics_.document_bytes.set(static_cast<double>(now.bytes));
    if (now.applied.epoch == last_.applied.epoch && now.applied.at > last_.applied.at) {
      metrics_.applied_changes.add(now.applied.at.value - last_.applied.at.value);
    }
    if (now.state == component_state::rebuilding && last_.state != component_state::rebuilding) {
      metrics_.rebuilds.add();
    }
    last_ = now;
  }

 private:
  metrics::secondary_metrics metrics_;
  messages::secondary_status last_;
};

}  // namespace

observatory::observatory(std::string_view version)
    : process_(registry_),
      service_(registry_, version,
               std::array<std::string_view, 4>{"writer", "reader", "replicator", "validator"}),
      feed_(registry_) {}

observatory::decoration observatory::primary_decoration() {
  return [measured = metrics::store_metrics::of_primary(registry_)](auto store) {
    return backends::instrumented(std::move(store), measured);
  };
}

observatory::decoration observatory::secondary_decoration(const std::string& name) {
  return [measured = metrics::store_metrics::of_secondary(registry_, name)](auto store) {
    return backends::instrumented(std::move(store), measured);
  };
}

std::function<void(const messages::secondary_status&)> observatory::secondary_observer(
    const std::string& name) {
  return [state = std::make_shared<secondary_observer_state>(registry_, name)](
             const messages::secondary_status& now) { (*state)(now); };
}

std::string observatory::expose(feed::feed_ring& ring) {
  const std::lock_guard one_at_a_time(exposing_);
  process_.refresh();
  const auto& counts = ring.subscribers();
  feed_.subscribers.at("live").set(static_cast<double>(counts.live.load()));
  feed_.subscribers.at("catching_up").set(static_cast<double>(counts.catching_up.load()));
  const auto raise = [](metrics::counter shown, std::uint64_t to) {
    shown.add(to - static_cast<std::uint64_t>(shown.value()));
  };
  raise(feed_.events_sent, counts.changes_sent.load());
  for (std::size_t i = 0; i < counts.ended.size(); ++i) {
    raise(feed_.closed.at(feed::feed_end_words[i]), counts.ended[i].load());
  }
  feed_.ring_bytes.set(static_cast<double>(ring.memory()));
  feed_.ring_changes.set(static_cast<double>(ring.changes()));
  return registry_.expose();
}

}  // namespace keelson::system
