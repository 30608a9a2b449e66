#include "actors/store/head_cache.hpp"

namespace keelson::store {

std::size_t head_cache::place_of(const document_id& id) const {
  return document_id_hash{}(id) % count_;
}

const document_head* head_cache::find(const document_id& id) const {
  if (places_.empty()) return nullptr;
  const auto& there = places_[place_of(id)];
  return there.taken && there.id == id ? &there.head : nullptr;
}

void head_cache::put(const document_id& id, const document_head& head) {
  if (places_.empty()) places_.resize(count_);
  auto& there = places_[place_of(id)];
  there.id = id;
  there.head = head;
  there.taken = true;
}

}  // namespace keelson::store
