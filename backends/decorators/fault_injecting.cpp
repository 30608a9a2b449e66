#include "backends/decorators/fault_injecting.hpp"

#include <utility>

#include "backends/decorators/decorated.hpp"

namespace keelson::backends {

namespace {

class inject {
 public:
  explicit inject(std::shared_ptr<fault_plan> plan) : plan_(std::move(plan)) {}

  template <class Call>
  auto call(call_kind kind, const Call& inner) const -> decltype(inner()) {
    auto decided = plan_->begin(kind);
    if (decided.before) return std::unexpected(std::move(*decided.before));
    auto outcome = inner();
    if (outcome && decided.after) return std::unexpected(std::move(*decided.after));
    return outcome;
  }

  template <class Documents>
  void read(Documents& documents) const {
    plan_->damage(documents);
  }

 private:
  std::shared_ptr<fault_plan> plan_;
};

}  // namespace

std::shared_ptr<store> fault_injecting(std::shared_ptr<store> inner,
                                       std::shared_ptr<fault_plan> plan) {
  return std::make_shared<decorators::decorated_store<inject>>(std::move(inner),
                                                               inject(std::move(plan)));
}

}  // namespace keelson::backends
