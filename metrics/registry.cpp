#include "metrics/registry.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace keelson::metrics {

class registry::contents {
 public:
  prometheus::Registry all;
};

namespace {

prometheus::Labels copied(const labels& with) {
  prometheus::Labels all;
  for (const auto& [name, value] : with) all.emplace(name, value);
  return all;
}

template <class Builder>
auto& family_in(prometheus::Registry& all, Builder builder, const family& of) {
  return builder.Name(std::string(of.name)).Help(std::string(of.help)).Register(all);
}

}  // namespace

const buckets& latency_buckets() {
  static const buckets bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                              0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};
  return bounds;
}

registry::registry() : contents_(std::make_unique<contents>()) {}
registry::~registry() = default;

counter registry::add_counter(const family& of, const labels& with) {
  auto& members = family_in(contents_->all, prometheus::BuildCounter(), of);
  return counter(&members.Add(copied(with)));
}

gauge registry::add_gauge(const family& of, const labels& with) {
  auto& members = family_in(contents_->all, prometheus::BuildGauge(), of);
  return gauge(&members.Add(copied(with)));
}

histogram registry::add_histogram(const family& of, const labels& with, const buckets& bounds) {
  auto& members = family_in(contents_->all, prometheus::BuildHistogram(), of);
  return histogram(&members.Add(copied(with), bounds));
}

std::string registry::expose() const {
  return prometheus::TextSerializer().Serialize(contents_->all.Collect());
}

}  // namespace keelson::metrics
