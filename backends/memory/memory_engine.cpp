#include "backends/memory/memory_engine.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "backends/location.hpp"
#include "backends/memory/backup_file.hpp"
#include "backends/memory/memory_kv.hpp"
#include "backends/memory/saved_place.hpp"
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

/// `memory:` alone, `memory:NAME`, or one with a backup.
struct wanted_place {
  std::string name;
  std::filesystem::path backup;
  std::chrono::seconds every = std::chrono::minutes(1);
};

result<wanted_place> parse(const store_location& location) {
  constexpr std::array<std::string_view, 2> known{"backup", "every"};
  auto parsed = parse_file_location({location.url, {}}, known);
  if (!parsed) return pass_on(std::move(parsed));
  wanted_place wanted{.name = parsed->path.string()};
  for (const auto& [name, value] : parsed->parameters) {
    if (name == "backup") {
      wanted.backup = (location.folder / value).lexically_normal();
      continue;
    }
    int seconds = 0;
    const auto* const end = value.data() + value.size();
    const auto [read, failure] = std::from_chars(value.data(), end, seconds);
    if (failure != std::errc() || read != end || seconds < 1)
      return fail(errc::invalid_parameter, "every is a number of seconds, at least 1");
    wanted.every = std::chrono::seconds(seconds);
  }
  if (!wanted.name.empty() && !wanted.backup.empty())
    return fail(errc::invalid_parameter, "a memory: store has a name or a backup, not both");
  return wanted;
}

result<place> inspect(const store_location& location) {
  const auto wanted = parse(location);
  if (!wanted) return std::unexpected(wanted.error());
  if (!wanted->backup.empty()) {
    auto root = read_backup(wanted->backup);
    if (!root) return pass_on(std::move(root));
    return ordered_kv::look(*memory_kv(*std::move(root)).snapshot());
  }
  std::shared_ptr<memory_kv> found;
  {
    auto& [mutex, places] = named_places();
    const std::scoped_lock lock(mutex);
    if (const auto known = places.find(wanted->name); known != places.end()) found = known->second;
  }
  if (!found) return place{};
  return ordered_kv::look(*found->snapshot());
}

result<std::shared_ptr<memory_kv>> place_of(const wanted_place& wanted) {
  if (!wanted.backup.empty()) return saved_place::open(wanted.backup, wanted.every);
  auto kv = std::make_shared<memory_kv>();
  if (wanted.name.empty()) return kv;
  auto& [mutex, places] = named_places();
  const std::scoped_lock lock(mutex);
  return places.try_emplace(wanted.name, std::move(kv)).first->second;
}

result<std::shared_ptr<store>> open(const store_location& location, const ownership& owner,
                                    foreign_policy policy, std::string_view first_epoch) {
  const auto wanted = parse(location);
  if (!wanted) return std::unexpected(wanted.error());
  auto kv = place_of(*wanted);
  if (!kv) return pass_on(std::move(kv));
  return ordered_kv::open_store(*std::move(kv), abilities, location.url, owner, policy,
                                first_epoch);
}

}  // namespace

const engine& memory_engine() {
  static constexpr engine self{
      .scheme = "memory",
      .url_form = "memory:, memory:NAME or memory:?backup=FILE",
      .description =
          "in this process's memory; with a backup loaded from a file, and saved on "
          "stop and every minute",
      .abilities = abilities,
      .inspect = &inspect,
      .open = &open};
  return self;
}

}  // namespace keelson::backends::memory
