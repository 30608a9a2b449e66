#include "backends/redis/redis_store.hpp"

#include <string>
#include <utility>

#include "backends/redis/lasting.hpp"
#include "backends/redis/primary.hpp"
#include "backends/redis/reader.hpp"
#include "backends/redis/secondary.hpp"

namespace keelson::backends::redis {

result<checked_server> reach_server(const redis_address& address, store_role role) {
  if (role == store_role::primary && !address.master.empty()) {
    return fail(
        errc::not_supported,
        address.shown +
            ": a primary in Redis cannot be behind sentinels: a fail-over may lose what was "
            "acknowledged. Name the one server");
  }
  auto server = connection::open(address);
  if (!server) return pass_on(std::move(server));
  auto facts = ask_facts(*server, address.database);
  if (!facts) return pass_on(std::move(facts));
  auto fit = check_server(*facts);
  if (fit && role == store_role::primary) fit = check_lasting(*server);
  if (!fit) return fail(fit.error().code, address.shown + ": " + fit.error().detail);
  return checked_server{std::move(*server), std::move(*facts)};
}

result<void> redis_store::expect(store_role role) const {
  if (role_ == role) return {};
  return fail(errc::not_supported, std::string("this store was not opened as a ") +
                                       (role == store_role::primary ? "primary" : "secondary"));
}

result<std::unique_ptr<primary_session>> redis_store::open_primary() {
  if (auto right = expect(store_role::primary); !right) return pass_on(std::move(right));
  auto turn = writing_turn::take(shared_from_this());
  if (!turn) return pass_on(std::move(turn));
  auto reached = reach_server(address_, role_);
  if (!reached) return pass_on(std::move(reached));
  return new_primary(std::move(*turn), names_, std::move(reached->server));
}

result<std::unique_ptr<primary_reader>> redis_store::open_primary_reader() {
  if (auto right = expect(store_role::primary); !right) return pass_on(std::move(right));
  auto server = connection::open(address_);
  if (!server) return pass_on(std::move(server));
  return new_primary_reader(shared_from_this(), names_, std::move(*server));
}

result<std::unique_ptr<secondary_session>> redis_store::open_secondary() {
  if (auto right = expect(store_role::secondary); !right) return pass_on(std::move(right));
  auto turn = writing_turn::take(shared_from_this());
  if (!turn) return pass_on(std::move(turn));
  auto reached = reach_server(address_, role_);
  if (!reached) return pass_on(std::move(reached));
  return new_secondary(std::move(*turn), names_, std::move(reached->server), address_.database);
}

result<std::unique_ptr<store_reader>> redis_store::open_reader() {
  auto server = connection::open(address_);
  if (!server) return pass_on(std::move(server));
  return new_reader(shared_from_this(), names_, std::move(*server), role_);
}

result<writing_turn> writing_turn::take(std::shared_ptr<redis_store> of) {
  if (of->writing_.exchange(true)) {
    return fail(errc::busy, of->address_.shown + " has a writing session already");
  }
  return writing_turn(std::move(of));
}

}  // namespace keelson::backends::redis
