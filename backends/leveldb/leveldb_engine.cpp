#include "backends/leveldb/leveldb_engine.hpp"

#include <array>
#include <charconv>
#include <memory>
#include <string>
#include <utility>

#include "backends/admission.hpp"
#include "backends/folders.hpp"
#include "backends/leveldb/leveldb_kv.hpp"
#include "backends/leveldb/leveldb_place.hpp"
#include "backends/location.hpp"
#include "backends/mark_text.hpp"
#include "backends/ordered_kv/kv_store.hpp"

namespace keelson::backends::leveldb {

namespace {

constexpr capabilities abilities{.durable = true,
                                 .transactional = true,
                                 .snapshots = true,
                                 .ordered_scan = true,
                                 .primary = true};

struct wanted_place {
  std::filesystem::path path;
  std::size_t cache_mib = default_cache_mib;
};

result<wanted_place> parse(const store_location& location) {
  constexpr std::array<std::string_view, 1> known{"cache_mib"};
  constexpr std::size_t most_mib = std::size_t{1} << 20;
  auto parsed = parse_file_location(location, known);
  if (!parsed) return pass_on(std::move(parsed));
  if (parsed->path.empty()) {
    return fail(errc::invalid_parameter, "a leveldb: URL names a folder, as in leveldb:kv");
  }
  wanted_place wanted{.path = std::move(parsed->path)};
  for (const auto& [name, value] : parsed->parameters) {
    const auto* const end = value.data() + value.size();
    const auto [read, failure] = std::from_chars(value.data(), end, wanted.cache_mib);
    if (failure != std::errc() || read != end || wanted.cache_mib > most_mib) {
      return fail(errc::invalid_parameter,
                  "cache_mib is a number of MiB, at most " + std::to_string(most_mib));
    }
  }
  return wanted;
}

result<place> inspect(const store_location& location) {
  const auto wanted = parse(location);
  if (!wanted) return std::unexpected(wanted.error());
  return look_at(wanted->path);
}

result<std::shared_ptr<store>> open(const store_location& location, const ownership& owner,
                                    foreign_policy policy, std::string_view first_epoch) {
  const auto wanted = parse(location);
  if (!wanted) return std::unexpected(wanted.error());
  const auto& path = wanted->path;
  const auto found = look_at(path);
  if (!found) return std::unexpected(found.error());
  auto admitted = admit(path.string(), *found, owner, policy, foreign_data::mixed);
  if (!admitted) return pass_on(std::move(admitted));
  if (auto made = make_folder(path); !made) return pass_on(std::move(made));

  const mark_text mark{.owner = owner};
  const bool empty = found->what == place::kind::empty;
  if (empty) {
    if (auto marked = mark.write(path / mark_name); !marked) return pass_on(std::move(marked));
  }
  auto kv = leveldb_kv::open(path, wanted->cache_mib, empty);
  if (!kv) return pass_on(std::move(kv));
  auto opened =
      ordered_kv::open_store(*std::move(kv), abilities, path.string(), owner, policy, first_epoch);
  // The mark inside decides; the one beside it follows, also after an adoption that was cut short.
  if (opened && !empty && found->owner != owner) {
    if (auto marked = mark.write(path / mark_name); !marked) return pass_on(std::move(marked));
  }
  return opened;
}

}  // namespace

const engine& leveldb_engine() {
  static constexpr engine self{.scheme = "leveldb",
                               .url_form = "leveldb:FOLDER[?cache_mib=64]",
                               .description = "an embedded LevelDB database in a folder of its own",
                               .abilities = abilities,
                               .inspect = &inspect,
                               .open = &open};
  return self;
}

}  // namespace keelson::backends::leveldb
