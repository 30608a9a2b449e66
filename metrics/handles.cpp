#include "metrics/handles.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

namespace keelson::metrics {

void counter::add(std::uint64_t amount) const noexcept {
  add_fraction(static_cast<double>(amount));
}

void counter::add_fraction(double amount) const noexcept {
  if (to_ != nullptr) to_->Increment(amount);
}

double counter::value() const noexcept {
  return to_ == nullptr ? 0 : to_->Value();
}

void gauge::set(double value) const noexcept {
  if (to_ != nullptr) to_->Set(value);
}

void gauge::add(double amount) const noexcept {
  if (to_ != nullptr) to_->Increment(amount);
}

double gauge::value() const noexcept {
  return to_ == nullptr ? 0 : to_->Value();
}

void histogram::observe(double value) const {
  if (to_ != nullptr) to_->Observe(value);
}

std::uint64_t histogram::count() const {
  return to_ == nullptr ? 0 : to_->Collect().histogram.sample_count;
}

}  // namespace keelson::metrics
