#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "backends/decorators/fault_plan.hpp"
#include "backends/store.hpp"

namespace keelson::test {

/// When calls of a store throw, which no call of a real one does: whoever makes such a call dies.
class death_plan {
 public:
  /// The call after `calls` others, of whatever kind.
  void strike_after(std::size_t calls, backends::fault_moment moment);
  void call_off() { next_.reset(); }

  struct strike {
    std::size_t calls = 0;
    backends::fault_moment moment = backends::fault_moment::before;
  };
  /// For the decorator: what happens to a call that begins now.
  [[nodiscard]] std::optional<backends::fault_moment> begin();

 private:
  std::optional<strike> next_;
};

/// The way to a store; once it is cut, nothing that was opened over it works again.
struct store_line {
  bool cut = false;
};

/// The same store over a line, killing who calls it as planned.
[[nodiscard]] std::shared_ptr<backends::store> strained(std::shared_ptr<backends::store> inner,
                                                        std::shared_ptr<death_plan> deaths,
                                                        std::shared_ptr<const store_line> line);

}  // namespace keelson::test
