#include "backends/postgres/schema.hpp"

#include <array>
#include <string>
#include <utility>

#include "backends/first_meta.hpp"
#include "backends/postgres/rows.hpp"

namespace keelson::backends::postgres {

namespace {

/// What brings the tables to a version from the one before. A later release adds one at the end.
/// No CHECK: a statement reads its text anew each time. Who reads a row checks it.
struct migration {
  int version;
  const char* of_both;
  const char* of_primary;
  const char* of_secondary;
};

constexpr std::array migrations{
    migration{.version = 1,
              .of_both = R"(
CREATE TABLE keelson.ownership (
  one smallint PRIMARY KEY,
  format integer NOT NULL,
  tables integer NOT NULL,
  log_id text NOT NULL,
  role text NOT NULL,
  name text NOT NULL
);
CREATE TABLE keelson.documents (
  collection text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  time bigint NOT NULL,
  hash bytea NOT NULL,
  meta bytea NOT NULL,
  bytes integer NOT NULL,
  value jsonb NOT NULL,
  PRIMARY KEY (collection, key)
) WITH (fillfactor = 80);
)",
              .of_primary = R"(
CREATE TABLE keelson.meta (
  one smallint PRIMARY KEY,
  log_id text NOT NULL,
  epochs text NOT NULL,
  last_sequence bigint NOT NULL,
  chain bytea NOT NULL,
  term bigint NOT NULL,
  last_time bigint NOT NULL,
  oldest bigint NOT NULL,
  oldest_chain bytea NOT NULL,
  documents bigint NOT NULL,
  bytes bigint NOT NULL,
  log_bytes bigint NOT NULL
) WITH (fillfactor = 10);
CREATE TABLE keelson.log (
  sequence bigint PRIMARY KEY,
  ends_commit boolean NOT NULL,
  chain bytea,
  time bigint NOT NULL,
  collection text NOT NULL,
  key text NOT NULL,
  op smallint NOT NULL,
  previous bigint NOT NULL,
  bytes_before bigint NOT NULL,
  hash_before bytea,
  hash_after bytea,
  meta bytea NOT NULL,
  value text NOT NULL,
  image_before text NOT NULL,
  principal text NOT NULL,
  request_id text NOT NULL
);
CREATE TABLE keelson.system (
  key bytea PRIMARY KEY,
  value bytea NOT NULL
);
)",
              .of_secondary = R"(
CREATE TABLE keelson.applied (
  one smallint PRIMARY KEY,
  phase text NOT NULL,
  epoch text NOT NULL,
  sequence bigint NOT NULL,
  chain bytea NOT NULL,
  copied_collection text NOT NULL,
  copied_key text NOT NULL,
  documents bigint NOT NULL,
  bytes bigint NOT NULL
) WITH (fillfactor = 10);
)"},
};

constexpr std::string_view primary_word = "primary";
constexpr std::string_view secondary_word = "secondary";

/// Rolls back what is still open when it goes out of scope.
class transaction {
 public:
  explicit transaction(connection& over) : over_(&over) {}
  ~transaction() {
    if (open_ && over_->alive()) std::ignore = over_->run("ROLLBACK", "roll back");
  }
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;

  result<void> begin() { return end_with("BEGIN", true); }
  result<void> commit() { return end_with("COMMIT", false); }

 private:
  result<void> end_with(const char* what, bool open) {
    if (auto done = over_->run(what, "make the tables"); !done) return pass_on(std::move(done));
    open_ = open;
    return {};
  }

  connection* over_;
  bool open_ = false;
};

result<void> run(connection& over, const std::string& text) {
  if (auto done = over.run(text, "make the tables"); !done) return pass_on(std::move(done));
  return {};
}

result<void> run(connection& over, const std::string& text, parameters& with) {
  if (auto done = over.run_once(text, with, "write the mark"); !done) {
    return pass_on(std::move(done));
  }
  return {};
}

result<void> make_tables(connection& over, store_role role, int above) {
  for (const auto& each : migrations) {
    if (each.version <= above) continue;
    const auto* const more = role == store_role::primary ? each.of_primary : each.of_secondary;
    if (auto done = run(over, std::string(each.of_both) + more); !done) return done;
  }
  return {};
}

result<void> write_mark(connection& over, const ownership& owner) {
  parameters with;
  with.number(std::uint64_t{format_number}).number(std::int64_t{migrations.back().version});
  with.bytes(owner.log_id).bytes(owner.name);
  with.bytes(owner.role == store_role::primary ? primary_word : secondary_word);
  return run(over,
             "INSERT INTO keelson.ownership (one, format, tables, log_id, name, role)"
             " VALUES (1, $1::bigint, $2::bigint, $3, $4, $5) ON CONFLICT (one) DO UPDATE SET"
             " log_id = excluded.log_id, name = excluded.name",
             with);
}

result<void> write_first_meta(connection& over, const ownership& owner,
                              std::string_view first_epoch) {
  const auto meta = first_meta(owner, first_epoch);
  parameters with;
  const auto epochs = epochs_text(meta);
  bind_meta(with, meta, epochs);
  return run(over,
             "INSERT INTO keelson.meta (one, log_id, epochs, last_sequence, chain, term, last_time,"
             " oldest, oldest_chain, documents, bytes, log_bytes)"
             " VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
             with);
}

result<void> write_no_point(connection& over) {
  parameters with;  // holds views of what it is given
  const store_point nothing;
  bind_point(with, nothing);
  return run(over,
             "INSERT INTO keelson.applied (one, phase, epoch, sequence, chain, copied_collection,"
             " copied_key, documents, bytes) VALUES (1, $1, $2, $3, $4, $5, $6, 0, 0)"
             " ON CONFLICT (one) DO UPDATE SET phase = excluded.phase, epoch = excluded.epoch,"
             " sequence = excluded.sequence, chain = excluded.chain,"
             " copied_collection = excluded.copied_collection,"
             " copied_key = excluded.copied_key, documents = 0, bytes = 0",
             with);
}

}  // namespace

result<place> read_mark(connection& over) {
  parameters none;
  const auto there = over.run_once(
      "SELECT to_regclass('keelson.ownership') IS NOT NULL,"
      " EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid)"
      " OR EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid)"
      " OR EXISTS (SELECT FROM pg_type t WHERE t.typnamespace = n.oid)"
      " FROM pg_namespace n WHERE n.nspname = 'keelson'",
      none, "say what is there");
  if (!there) return std::unexpected(there.error());
  // A schema that somebody made for us, without anything in it, is a place like one without it.
  if (there->rows() == 0 || there->integer(0, 1) == 0) return place{};
  place found{.what = place::kind::foreign,
              .reason = "a schema keelson whose tables are not Keelson's"};
  if (there->integer(0, 0) == 0) return found;
  const auto mark = over.run_once("SELECT format, log_id, role, name FROM keelson.ownership", none,
                                  "read the mark");
  if (!mark) {
    // No such columns. Whoever may not read them is told so.
    if (mark.error().code == errc::store_corrupt) return found;
    return std::unexpected(mark.error());
  }
  if (mark->rows() != 1) {
    found.reason = "a schema keelson that names no owner";
    return found;
  }
  found.what = place::kind::ours;
  found.reason.clear();
  found.format = static_cast<std::uint32_t>(mark->integer(0, 0));
  found.owner.log_id = mark->bytes(0, 1);
  found.owner.role =
      mark->bytes(0, 2) == primary_word ? store_role::primary : store_role::secondary;
  found.owner.name = mark->bytes(0, 3);
  return found;
}

result<void> create_store(connection& over, const ownership& owner, std::string_view first_epoch) {
  transaction whole(over);
  if (auto done = whole.begin(); !done) return done;
  // Who may not create schemas can be given an empty one.
  if (auto done = run(over,
                      "DO $$ BEGIN IF to_regnamespace('keelson') IS NULL THEN"
                      " CREATE SCHEMA keelson; END IF; END $$");
      !done) {
    return done;
  }
  if (auto done = make_tables(over, owner.role, 0); !done) {
    if (done.error().code != errc::store_corrupt) return done;
    return fail(errc::store_foreign, "the schema keelson cannot be taken: " + done.error().detail);
  }
  auto first = owner.role == store_role::primary ? write_first_meta(over, owner, first_epoch)
                                                 : write_no_point(over);
  if (!first) return first;
  if (auto done = write_mark(over, owner); !done) return done;
  return whole.commit();
}

result<void> take_over(connection& over, const ownership& owner) {
  transaction whole(over);
  if (auto done = whole.begin(); !done) return done;
  if (owner.role == store_role::secondary) {
    if (auto done = write_no_point(over); !done) return done;
  } else {
    parameters with;
    with.bytes(owner.log_id);
    if (auto done = run(over, "UPDATE keelson.meta SET log_id = $1", with); !done) return done;
  }
  if (auto done = write_mark(over, owner); !done) return done;
  return whole.commit();
}

result<void> migrate(connection& over, store_role role) {
  transaction whole(over);
  if (auto done = whole.begin(); !done) return done;
  parameters none;
  const auto row = over.run_once("SELECT tables FROM keelson.ownership", none, "read the mark");
  if (!row) return std::unexpected(row.error());
  const auto present = row->rows() == 1 ? static_cast<int>(row->integer(0, 0)) : 0;
  constexpr int newest = migrations.back().version;
  if (present == newest) return whole.commit();
  if (present > newest) {
    return fail(errc::store_mismatch, "the tables are of version " + std::to_string(present) +
                                          "; this program knows " + std::to_string(newest));
  }
  if (auto done = make_tables(over, role, present); !done) return done;
  parameters with;
  with.number(std::int64_t{newest});
  if (auto done = run(over, "UPDATE keelson.ownership SET tables = $1::bigint", with); !done) {
    return done;
  }
  return whole.commit();
}

}  // namespace keelson::backends::postgres
