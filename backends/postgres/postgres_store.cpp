#include "backends/postgres/postgres_store.hpp"

#include <string>
#include <utility>

#include "backends/postgres/lasting_connection.hpp"
#include "backends/postgres/sessions.hpp"

namespace keelson::backends::postgres {

result<void> postgres_store::expect(store_role role) const {
  if (role == role_) return {};
  return fail(errc::not_supported,
              where_->shown() + (role_ == store_role::primary ? " is open as a primary"
                                                              : " is open as a secondary"));
}

result<connection> postgres_store::open_writer(server::commits how) {
  auto over = connection::open(where_, how);
  if (!over) return over;
  if (auto fit = admit_server(over->facts(), role_); !fit) return pass_on(std::move(fit));
  if (over->facts().started != lock_.server_started()) {
    return fail(errc::store_io, "PostgreSQL was started anew, or another server answers");
  }
  return over;
}

result<std::unique_ptr<primary_session>> postgres_store::open_primary() {
  if (auto right = expect(store_role::primary); !right) return pass_on(std::move(right));
  auto turn = writing_turn::take(shared_from_this());
  if (!turn) return pass_on(std::move(turn));
  auto over = open_writer(server::commits::durable);
  if (!over) return pass_on(std::move(over));
  return new_primary_session(*std::move(turn), *std::move(over));
}

result<std::unique_ptr<secondary_session>> postgres_store::open_secondary() {
  if (auto right = expect(store_role::secondary); !right) return pass_on(std::move(right));
  auto turn = writing_turn::take(shared_from_this());
  if (!turn) return pass_on(std::move(turn));
  auto over = open_writer(server::commits::soon_durable);
  if (!over) return pass_on(std::move(over));
  return new_secondary_session(*std::move(turn), *std::move(over));
}

result<std::unique_ptr<store_reader>> postgres_store::open_reader() {
  auto over = lasting_connection::open(where_, lock_.server_started());
  if (!over) return pass_on(std::move(over));
  if (role_ == store_role::primary) return new_primary_reader(shared_from_this(), *std::move(over));
  return new_secondary_reader(shared_from_this(), *std::move(over));
}

result<std::unique_ptr<primary_reader>> postgres_store::open_primary_reader() {
  if (auto right = expect(store_role::primary); !right) return pass_on(std::move(right));
  auto over = lasting_connection::open(where_, lock_.server_started());
  if (!over) return pass_on(std::move(over));
  return new_primary_reader(shared_from_this(), *std::move(over));
}

result<writing_turn> writing_turn::take(std::shared_ptr<postgres_store> of) {
  if (of->writing_.exchange(true)) {
    return fail(errc::busy, of->where_->shown() + " has a writing session already");
  }
  return writing_turn(std::move(of));
}

}  // namespace keelson::backends::postgres
