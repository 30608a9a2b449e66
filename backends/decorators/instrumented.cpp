#include "backends/decorators/instrumented.hpp"

#include <chrono>
#include <utility>

#include "backends/decorators/decorated.hpp"

namespace keelson::backends {

namespace {

bool writes(call_kind kind) {
  return kind != call_kind::read && kind != call_kind::open;
}

bool is_failure(errc code) {
  return code != errc::fenced && code != errc::wrong_position;
}

class measure {
 public:
  explicit measure(const metrics::store_metrics& to) : to_(to) {}

  template <class Call>
  auto call(call_kind kind, const Call& inner) const {
    const auto begin = std::chrono::steady_clock::now();
    auto outcome = inner();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    const bool failed = !outcome && is_failure(outcome.error().code);
    if (writes(kind)) {
      to_.write_latency.observe(took.count());
      if (failed) to_.write_failures.add();
    } else {
      // An opened session is no read, but one that does not open is a read that was not possible.
      if (kind == call_kind::read) to_.read_latency.observe(took.count());
      if (failed) to_.read_failures.add();
    }
    return outcome;
  }

  template <class Documents>
  void read(Documents&) const noexcept {}

 private:
  metrics::store_metrics to_;
};

}  // namespace

std::shared_ptr<store> instrumented(std::shared_ptr<store> inner,
                                    const metrics::store_metrics& metrics) {
  return std::make_shared<decorators::decorated_store<measure>>(std::move(inner), measure(metrics));
}

}  // namespace keelson::backends
