#include "metrics/by_collection.hpp"

#include <mutex>

namespace keelson::metrics {

counter_by_collection::counter_by_collection(registry& in, const family& of)
    : in_(&in), family_(of), other_(make(other)) {}

counter counter_by_collection::make(std::string_view collection) const {
  return in_->add_counter(family_, {{"collection", collection}});
}

counter counter_by_collection::of(std::string_view collection) {
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = known_.find(collection); found != known_.end()) return found->second;
    if (known_.size() >= most_collections) return other_;
  }
  const std::unique_lock lock(mutex_);
  if (const auto found = known_.find(collection); found != known_.end()) return found->second;
  if (known_.size() >= most_collections) return other_;
  return known_.emplace(collection, make(collection)).first->second;
}

}  // namespace keelson::metrics
