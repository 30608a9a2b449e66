#include "actors/store/head_cache.hpp"

#include <utility>

namespace keelson::store {

const document_head* head_cache::find(const document_id& id) const {
  for (const auto* heads : {&young_, &old_}) {
    if (const auto found = heads->find(id); found != heads->end()) return &found->second;
  }
  return nullptr;
}

void head_cache::put(const document_id& id, const document_head& head) {
  young_.insert_or_assign(id, head);
  if (young_.size() >= half_) old_ = std::exchange(young_, {});
}

void head_cache::clear() {
  young_.clear();
  old_.clear();
}

}  // namespace keelson::store
