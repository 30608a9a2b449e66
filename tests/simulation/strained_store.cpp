#include "tests/simulation/strained_store.hpp"

#include <stdexcept>
#include <utility>

#include "backends/decorators/decorated.hpp"

namespace keelson::test {

using backends::call_kind;
using backends::fault_moment;

namespace {

class strain {
 public:
  strain(std::shared_ptr<death_plan> deaths, std::shared_ptr<const store_line> line)
      : deaths_(std::move(deaths)), line_(std::move(line)) {}

  template <class Call>
  auto call(call_kind, const Call& inner) const -> decltype(inner()) {
    if (line_->cut) return fail(errc::store_io, "the line to the store was cut");
    const auto struck = deaths_->begin();
    if (!struck) return inner();
    if (*struck == fault_moment::after) std::ignore = inner();
    throw std::runtime_error("a call of the store threw");
  }

  template <class Documents>
  void read(Documents&) const {}

 private:
  std::shared_ptr<death_plan> deaths_;
  std::shared_ptr<const store_line> line_;
};

}  // namespace

void death_plan::strike_after(std::size_t calls, fault_moment moment) {
  next_ = {calls, moment};
}

std::optional<fault_moment> death_plan::begin() {
  if (!next_) return std::nullopt;
  if (next_->calls > 0) {
    --next_->calls;
    return std::nullopt;
  }
  return std::exchange(next_, std::nullopt)->moment;
}

std::shared_ptr<backends::store> strained(std::shared_ptr<backends::store> inner,
                                          std::shared_ptr<death_plan> deaths,
                                          std::shared_ptr<const store_line> line) {
  return std::make_shared<backends::decorators::decorated_store<strain>>(
      std::move(inner), strain(std::move(deaths), std::move(line)));
}

}  // namespace keelson::test
