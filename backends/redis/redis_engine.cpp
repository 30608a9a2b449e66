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
  auto reached = reach_server(*address);
  if (!reached) return pass_on(std::move(reached));
  return look(reached->server, layout(address->prefix));
}

result<std::shared_ptr<store>> open(const store_location& location, const ownership& owner,
                                    foreign_policy policy, std::string_view /*first_epoch*/) {
  auto address = parse_address(location);
  if (!address) return pass_on(std::move(address));
  if (owner.role == store_role::primary) {
    return fail(errc::not_supported, "a store in Redis is a secondary");
  }
  auto reached = reach_server(*address);
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
    auto done = mark(reached->server, names, *found, owner, reached->facts.counters);
    if (!done) return pass_on(std::move(done));
  }
  return std::make_shared<redis_store>(std::move(*address));
}

}  // namespace

const engine& redis_engine() {
  static constexpr engine described{
      .scheme = "redis",
      .url_form = "redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE][?prefix=NAME]",
      .description = "a Redis server, readable with redis-cli; secondary only",
      .abilities = abilities,
      .served = true,
      .inspect = &inspect,
      .open = &open,
      .read_rows = &read_rows,
  };
  return described;
}

}  // namespace keelson::backends::redis
