#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "backends/store.hpp"
#include "metrics/feed_metrics.hpp"
#include "metrics/process_metrics.hpp"
#include "metrics/registry.hpp"
#include "metrics/secondary_metrics.hpp"
#include "metrics/service_metrics.hpp"
#include "protocols/messages/component_status.hpp"

namespace keelson::feed {
class feed_ring;
}

namespace keelson::system {

/// The service's metrics, and the hooks by which its parts fill those that they do not count
/// themselves. Outlives the actors and the front.
class observatory {
 public:
  explicit observatory(std::string_view version);

  [[nodiscard]] metrics::registry& registry() noexcept { return registry_; }

  using decoration =
      std::function<std::shared_ptr<backends::store>(std::shared_ptr<backends::store>)>;
  [[nodiscard]] decoration primary_decoration();
  [[nodiscard]] decoration secondary_decoration(const std::string& name);
  /// Counts the restarts of `actor`: writer, reader, replicator or validator.
  [[nodiscard]] metrics::counter restarts(std::string_view actor) const {
    return service_.restarts.at(actor);
  }
  /// What a replicator tells of itself.
  [[nodiscard]] std::function<void(const messages::secondary_status&)> secondary_observer(
      const std::string& name);

  /// The text of `/metrics`, with what is only read at that moment.
  [[nodiscard]] std::string expose(feed::feed_ring& ring);

 private:
  metrics::registry registry_;
  metrics::process_metrics process_;
  metrics::service_metrics service_;
  metrics::feed_metrics feed_;
  std::mutex exposing_;
};

}  // namespace keelson::system
