#include "backends/postgres/postgres_engine.hpp"

#include <memory>
#include <utility>

#include "backends/admission.hpp"
#include "backends/postgres/database_lock.hpp"
#include "backends/postgres/postgres_rows.hpp"
#include "backends/postgres/postgres_store.hpp"
#include "backends/postgres/schema.hpp"

namespace keelson::backends::postgres {

namespace {

result<place> inspect(const store_location& location) {
  auto where = server::from_url(location.url);
  if (!where) return pass_on(std::move(where));
  auto over = connection::open(*std::move(where), server::commits::durable);
  if (!over) return pass_on(std::move(over));
  return read_mark(*over);
}

/// Under the lock.
result<void> prepare(connection& over, const ownership& owner, foreign_policy policy,
                     std::string_view first_epoch) {
  const auto found = read_mark(over);
  if (!found) return std::unexpected(found.error());
  // Ours lies in tables of its own, beside what somebody else put into the schema.
  if (auto right = admit(over.where().shown(), *found, owner, policy, foreign_data::kept_apart);
      !right) {
    return right;
  }
  if (found->what != place::kind::ours) return create_store(over, owner, first_epoch);
  if (auto done = migrate(over, owner.role); !done) return done;
  return found->owner == owner ? result<void>() : take_over(over, owner);
}

result<std::shared_ptr<store>> open(const store_location& location, const ownership& owner,
                                    foreign_policy policy, std::string_view first_epoch) {
  auto where = server::from_url(location.url);
  if (!where) return pass_on(std::move(where));
  auto over = connection::open(*where, server::commits::durable);
  if (!over) return pass_on(std::move(over));
  if (auto fit = admit_server(over->facts(), owner.role); !fit) return pass_on(std::move(fit));
  auto lock = database_lock::take(*std::move(over));
  if (!lock) return pass_on(std::move(lock));
  if (auto done = prepare(lock->over(), owner, policy, first_epoch); !done) {
    return pass_on(std::move(done));
  }
  return std::make_shared<postgres_store>(*std::move(where), owner.role, *std::move(lock));
}

}  // namespace

const engine& postgres_engine() {
  static constexpr engine described{
      .scheme = "postgresql",
      .url_form = "postgresql://USER@HOST:PORT/DATABASE",
      .description = "a PostgreSQL database; documents are jsonb in the schema keelson",
      .abilities = abilities,
      .served = true,
      .inspect = &inspect,
      .open = &open,
      .read_rows = &read_rows,
  };
  return described;
}

}  // namespace keelson::backends::postgres
