#include "backends/mongo/mongo_engine.hpp"

#include <utility>

#include "backends/commit_record/record_store.hpp"
#include "backends/mongo/mongo_records.hpp"
#include "backends/mongo/mongo_rows.hpp"

namespace keelson::backends::mongo {

namespace {

/// Of a server that keeps what it journals; each is asked when it is opened.
constexpr capabilities abilities{.durable = true,
                                 .transactional = true,
                                 .snapshots = false,
                                 .ordered_scan = true,
                                 .primary = true,
                                 .apply_rows = 1000};

result<place> inspect(const store_location& location) {
  auto at = database::at(location);
  if (!at) return pass_on(std::move(at));
  return commit_record::look(*make_records(*std::move(at)));
}

result<std::shared_ptr<store>> open(const store_location& location, const ownership& owner,
                                    foreign_policy policy, std::string_view first_epoch) {
  auto at = database::at(location);
  if (!at) return pass_on(std::move(at));
  const auto lasts = keeps_what_it_journals(**at);
  if (!lasts) return std::unexpected(lasts.error());
  auto has = abilities;
  has.durable = *lasts;
  const auto shown = (*at)->shown();
  return commit_record::open_store(make_records(*std::move(at)), has, shown, owner, policy,
                                   first_epoch);
}

}  // namespace

const engine& mongo_engine() {
  static constexpr engine described{
      .scheme = "mongodb",
      .url_form = "mongodb://HOST/DATABASE",
      .description = "a database of a MongoDB server or replica set",
      .abilities = abilities,
      .inspect = &inspect,
      .open = &open,
      .read_rows = &read_rows,
  };
  return described;
}

}  // namespace keelson::backends::mongo
