#include "backends/rocksdb/rocksdb_engine.hpp"

#include <array>
#include <charconv>
#include <memory>
#include <string>
#include <utility>

#include <rocksdb/db.h>

#include "backends/admission.hpp"
#include "backends/folders.hpp"
#include "backends/location.hpp"
#include "backends/ordered_kv/kv_store.hpp"
#include "backends/rocksdb/rocksdb_kv.hpp"
#include "backends/rocksdb/rocksdb_log.hpp"
#include "backends/rocksdb/rocksdb_options.hpp"
#include "backends/rocksdb/rocksdb_place.hpp"
#include "backends/rocksdb/rocksdb_status.hpp"

namespace keelson::backends::rocksdb {

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
    return fail(errc::invalid_parameter, "a rocksdb: URL names a folder, as in rocksdb:kv");
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
  const auto found = look_at(wanted->path);
  if (!found) return std::unexpected(found.error());
  auto admitted = admit(wanted->path.string(), *found, owner, policy, foreign_data::mixed);
  if (!admitted) return pass_on(std::move(admitted));
  if (auto made = make_folder(wanted->path); !made) return pass_on(std::move(made));

  auto options = writing_options(wanted->cache_mib);
  options.create_if_missing = found->what == place::kind::empty;
  options.info_log = process_log(wanted->path);
  ::rocksdb::DB* raw = nullptr;
  const auto status = ::rocksdb::DB::Open(options, wanted->path.string(), &raw);
  if (!status.ok()) return failed("opening", status);
  auto kv = std::make_shared<rocksdb_kv>(std::unique_ptr<::rocksdb::DB>(raw));
  return ordered_kv::open_store(std::move(kv), abilities, wanted->path.string(), owner, policy,
                                first_epoch);
}

}  // namespace

const engine& rocksdb_engine() {
  static constexpr engine self{.scheme = "rocksdb",
                               .url_form = "rocksdb:FOLDER[?cache_mib=64]",
                               .description = "an embedded RocksDB database in a folder of its own",
                               .abilities = abilities,
                               .inspect = &inspect,
                               .open = &open};
  return self;
}

}  // namespace keelson::backends::rocksdb
