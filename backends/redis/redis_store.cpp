#include "backends/redis/redis_store.hpp"

#include <utility>

#include "backends/redis/reader.hpp"
#include "backends/redis/secondary.hpp"

namespace keelson::backends::redis {

namespace {

std::unexpected<error> no_primary() {
  return fail(errc::not_supported, "a store in Redis is a secondary");
}

}  // namespace

result<checked_server> reach_server(const redis_address& address) {
  auto server = connection::open(address);
  if (!server) return pass_on(std::move(server));
  auto facts = ask_facts(*server, address.database);
  if (!facts) return pass_on(std::move(facts));
  if (auto fit = check_server(*facts); !fit) {
    return fail(fit.error().code, address.shown + ": " + fit.error().detail);
  }
  return checked_server{std::move(*server), std::move(*facts)};
}

result<std::unique_ptr<primary_session>> redis_store::open_primary() {
  return no_primary();
}

result<std::unique_ptr<primary_reader>> redis_store::open_primary_reader() {
  return no_primary();
}

result<std::unique_ptr<secondary_session>> redis_store::open_secondary() {
  auto turn = writing_turn::take(shared_from_this());
  if (!turn) return pass_on(std::move(turn));
  auto reached = reach_server(address_);
  if (!reached) return pass_on(std::move(reached));
  return new_secondary(std::move(*turn), names_, std::move(reached->server), address_.database);
}

result<std::unique_ptr<store_reader>> redis_store::open_reader() {
  auto server = connection::open(address_);
  if (!server) return pass_on(std::move(server));
  return new_reader(shared_from_this(), names_, std::move(*server));
}

result<writing_turn> writing_turn::take(std::shared_ptr<redis_store> of) {
  if (of->writing_.exchange(true)) {
    return fail(errc::busy, of->address_.shown + " has a writing session already");
  }
  return writing_turn(std::move(of));
}

}  // namespace keelson::backends::redis
