#include "backends/memory/memory_engine.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "backends/location.hpp"
#include "backends/memory/memory_kv.hpp"
#include "backends/ordered_kv/kv_store.hpp"

namespace keelson::backends::memory {

namespace {

constexpr capabilities abilities{.durable = false,
                                 .transactional = true,
                                 .snapshots = true,
                                 .ordered_scan = true,
                                 .primary = true};

/// The named places of this process.
struct place_table {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<memory_kv>, std::less<>> places;
};

place_table& named_places() {
  static place_table table;
  return table;
}

std::string_view name_in(std::string_view url) {
  return url.substr(url.find(':') + 1);
}

result<place> inspect(const store_location& location) {
  std::shared_ptr<memory_kv> found;
  {
    auto& [mutex, places] = named_places();
    const std::scoped_lock lock(mutex);
    if (const auto known = places.find(name_in(location.url)); known != places.end()) {
      found = known->second;
    }
  }
  if (!found) return place{};
  return ordered_kv::look(*found->snapshot());
}

result<std::shared_ptr<store>> open(const store_location& location, const ownership& owner,
                                    foreign_policy policy, std::string_view first_epoch) {
  const std::string name(name_in(location.url));
  auto kv = std::make_shared<memory_kv>();
  if (!name.empty()) {
    auto& [mutex, places] = named_places();
    const std::scoped_lock lock(mutex);
    kv = places.try_emplace(name, std::move(kv)).first->second;
  }
  return ordered_kv::open_store(std::move(kv), abilities, location.url, owner, policy, first_epoch);
}

}  // namespace

const engine& memory_engine() {
  static constexpr engine self{
      .scheme = "memory",
      .url_form = "memory: or memory:NAME",
      .description = "in this process's memory, gone with it; for tests and caches",
      .abilities = abilities,
      .inspect = &inspect,
      .open = &open};
  return self;
}

}  // namespace keelson::backends::memory
