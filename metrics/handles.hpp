#pragma once

#include <cstdint>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

/// What code holds to count with. Light to copy, usable from any thread; a counter and a gauge are
/// one atomic. A handle is good for as long as the registry that it came from; one made from
/// nothing counts nothing.
namespace keelson::metrics {

class counter {
 public:
  using underlying = prometheus::Counter;
  counter() = default;
  explicit counter(underlying* to) : to_(to) {}
  void add(std::uint64_t amount = 1) const noexcept;
  /// For what is counted in a unit with fractions, such as seconds; never negative.
  void add_fraction(double amount) const noexcept;
  [[nodiscard]] double value() const noexcept;

 private:
  underlying* to_ = nullptr;
};

class gauge {
 public:
  using underlying = prometheus::Gauge;
  gauge() = default;
  explicit gauge(underlying* to) : to_(to) {}
  void set(double value) const noexcept;
  void add(double amount) const noexcept;
  [[nodiscard]] double value() const noexcept;

 private:
  underlying* to_ = nullptr;
};

class histogram {
 public:
  using underlying = prometheus::Histogram;
  histogram() = default;
  explicit histogram(underlying* to) : to_(to) {}
  void observe(double value) const;
  [[nodiscard]] std::uint64_t count() const;

 private:
  underlying* to_ = nullptr;
};

}  // namespace keelson::metrics
