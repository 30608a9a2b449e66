#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "protocols/model/error.hpp"

namespace keelson::messages {

/// A result<T> that can cross the network: CAF 0.17 inspects neither std::expected nor
/// std::optional.
template <class T>
struct answer {
  std::uint8_t failed = 0;
  T value{};
  error problem;

  answer() = default;
  answer(T good) : value(std::move(good)) {}                              // NOLINT: as a result
  answer(error bad) : failed(1), problem(std::move(bad)) {}               // NOLINT: as a result
  answer(std::unexpected<error> bad) : answer(std::move(bad).error()) {}  // NOLINT: as a result
  answer(result<T> either) {                                              // NOLINT: as a result
    if (either) {
      value = *std::move(either);
    } else {
      failed = 1;
      problem = std::move(either).error();
    }
  }
  [[nodiscard]] explicit operator bool() const noexcept { return failed == 0; }
  [[nodiscard]] result<T> take() && {
    if (failed != 0) return std::unexpected(std::move(problem));
    return std::move(value);
  }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, answer& x) {
    return f(x.failed, x.value, x.problem);
  }
};

/// Who asks, and how long the answer is of use.
struct request_context {
  std::string request_id;
  std::string principal = "anonymous";
  std::string trace;                         ///< W3C traceparent; empty: none
  std::int64_t timeout_milliseconds = 5000;  ///< left when the message was sent

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, request_context& x) {
    return f(x.request_id, x.principal, x.trace, x.timeout_milliseconds);
  }
};

}  // namespace keelson::messages
