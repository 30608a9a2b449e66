#include "backends/redis/redis_engine.hpp"

#include <string>
#include <utility>

#include "backends/admission.hpp"
#include "backends/redis/place.hpp"
#include "backends/redis/redis_rows.hpp"
#include "backends/redis/redis_store.hpp"

namespace keelson::backends::redis {

namespace {

result<place> inspect(const store_location& location) {
  const auto address = parse_address(location);
  if (!address) return std::unexpected(address.error());
  // Which role is wanted is not known here, so that only what either needs is asked for.
  auto reached = reach_server(*address, store_role::secondary);
  if (!reached) return pass_on(std::move(reached));
  return look(reached->server, layout(address->prefix));
}

result<std::shared_ptr<store>> open(const store_location& location, const ownership& owner,
                                    foreign_policy policy, std::string_view first_epoch) {
  auto address = parse_address(location);
  if (!address) return pass_on(std::move(address));
  auto reached = reach_server(*address, owner.role);
  if (!reached) return pass_on(std::move(reached));
  const layout names(address->prefix);
  const auto found = look(reached->server, names);
  if (!found) return std::unexpected(found.error());
  // Under one prefix what is ours could not be told from what is not.
  const auto where = address->shown + " (prefix " + address->prefix + ")";
  if (auto right = admit(where, *found, owner, policy, foreign_data::mixed); !right) {
    return pass_on(std::move(right));
  }
  if (found->what != place::kind::ours || found->owner != owner) {
    auto done = mark(reached->server, names, *found, owner, reached->facts.counters, first_epoch);
    if (!done) return pass_on(std::move(done));
  }
  return std::make_shared<redis_store>(std::move(*address), owner.role);
}

}  // namespace

const engine& redis_engine() {
  static constexpr engine described{
      .scheme = "redis",
      .url_form = "redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE][?prefix=NAME]",
      .description =
          "a Redis server, readable with redis-cli; as primary only where it syncs each write",
      .abilities = abilities,
      .served = true,
      .inspect = &inspect,
      .open = &open,
      .read_rows = &read_rows,
  };
  return described;
}

}  // namespace keelson::backends::redis
