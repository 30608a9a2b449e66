#include "tests/support/servers/redis.hpp"

#include <memory>
#include <string>
#include <vector>

#include "tests/conformance/history.hpp"
#include "tests/conformance/trial.hpp"

using namespace keelson;
using namespace keelson::conformance;
using servers::redis_server;

namespace {

/// A secondary on a server of its own.
class redis_trial {
 public:
  explicit redis_trial(const std::vector<std::string>& options = {}) : server_(options) {}

  [[nodiscard]] const redis_server& server() const noexcept { return server_; }
  [[nodiscard]] result<std::shared_ptr<backends::store>> open(const std::string& tail = "") const {
    const auto* const engine = must(backends::engine_for("redis:"));
    return engine->open({.url = server_.url() + tail}, secondary_owner(),
                        backends::foreign_policy::refuse, first_epoch);
  }
  [[nodiscard]] result<backends::place> inspect() const {
    return must(backends::engine_for("redis:"))->inspect({.url = server_.url()});
  }

 private:
  redis_server server_;
};

/// Applies one group of puts and stands at its end.
class writer {
 public:
  explicit writer(const std::shared_ptr<backends::store>& store)
      : session_(must(store->open_secondary())), reader_(must(store->open_reader())) {}

  void put_all(const std::vector<std::string>& keys) {
    commit_plan puts;
    for (const auto& key : keys) puts.push_back(put("c", key, R"("of )" + key + '"'));
    const auto planned = log_.plan({puts});
    must(apply_group(*session_, stands_, applied(planned.next), planned));
    stands_ = applied(planned.next);
    log_.accept(planned);
  }
  [[nodiscard]] std::string doubt() { return must(session_->doubt()); }
  void trust() { must(session_->trust()); }
  [[nodiscard]] backends::secondary_session& session() { return *session_; }
  [[nodiscard]] std::vector<std::string> scanned() const {
    std::vector<std::string> keys;
    for (const auto& each : must(reader_->scan({})).documents) keys.push_back(each.id.key.text());
    return keys;
  }
  [[nodiscard]] backends::store_reader& reader() { return *reader_; }
  [[nodiscard]] const backends::store_point& stands() const { return stands_; }

 private:
  std::unique_ptr<backends::secondary_session> session_;
  std::unique_ptr<backends::store_reader> reader_;
  history log_ = detached_history();
  backends::store_point stands_;
};

std::string detail_of(const result<std::shared_ptr<backends::store>>& refused) {
  REQUIRE_FALSE(refused);
  return refused.error().detail;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a document is a hash that redis-cli shows") {
  const redis_trial here;
  writer to(must(here.open()));
  to.put_all({"one"});
  CHECK(here.server().cli({"HGET", "keelson:c:one", "value"}) == R"("of one")");
  CHECK(here.server().cli({"HGET", "keelson:c:one", "version"}) == "1");
  CHECK(here.server().cli({"HSTRLEN", "keelson:c:one", "hash"}) == "64");
  CHECK(here.server().cli({"ZRANGE", "keelson:.keys:c", "0", "-1"}) == "one");
  CHECK(here.server().cli({"HGET", "keelson:.state", "sequence"}) == "1");
}

TEST_CASE("a server that lets documents go is refused with that reason") {
  const redis_trial here({"--maxmemory-policy", "allkeys-lru"});
  const auto why = here.open();
  CHECK(code_of(why) == errc::not_supported);
  CHECK(has(detail_of(why), "maxmemory-policy is 'allkeys-lru'"));
  CHECK(here.server().cli({"DBSIZE"}) == "0");
  here.server().cli({"CONFIG", "SET", "maxmemory-policy", "noeviction"});
  writer to(must(here.open()));
  here.server().cli({"CONFIG", "SET", "maxmemory-policy", "volatile-ttl"});
  CHECK(code_of(to.session().doubt()) == errc::not_supported);
}

TEST_CASE("the policy is known where CONFIG is forbidden") {
  const redis_trial here({"--maxmemory-policy", "allkeys-random"});
  here.server().cli({"ACL", "SETUSER", "app", "on", ">word", "~*", "+@all", "-config"});
  const auto as_app = "redis://app:word@127.0.0.1:" + std::to_string(here.server().port());
  const auto refused = must(backends::engine_for("redis:"))->inspect({.url = as_app});
  CHECK(code_of(refused) == errc::not_supported);
  CHECK(has(refused.error().detail, "allkeys-random"));
}

TEST_CASE("a cluster and a replica are refused, each with its reason") {
  const redis_trial node(
      {"--cluster-enabled", "yes", "--cluster-port", std::to_string(servers::free_port())});
  CHECK(has(detail_of(node.open()), "Redis Cluster"));
  const redis_trial master;
  const redis_trial replica({"--replicaof", "127.0.0.1", std::to_string(master.server().port())});
  const auto refused = replica.open();
  CHECK(code_of(refused) == errc::unavailable);
  CHECK(has(detail_of(refused), "replica"));
}

TEST_CASE("a wrong password is said, and not shown") {
  const redis_trial here({"--requirepass", "right"});
  const auto port = std::to_string(here.server().port());
  const auto* const engine = must(backends::engine_for("redis:"));
  for (const auto& login : {":wrong@", "nobody:wrong@", ""}) {
    const auto refused = engine->inspect({.url = "redis://" + (login + ("127.0.0.1:" + port))});
    CHECK(code_of(refused) == errc::unavailable);
    CHECK(has(refused.error().detail, "Redis refused"));
    CHECK_FALSE(has(refused.error().detail, "wrong@"));
  }
  CHECK(engine->inspect({.url = "redis://:right@127.0.0.1:" + port}));
}

TEST_CASE("databases and prefixes are places of their own") {
  const redis_trial here;
  writer first(must(here.open("/1")));
  writer second(must(here.open("/2")));
  writer third(must(here.open("/2?prefix=other")));
  first.put_all({"a"});
  second.put_all({"b"});
  third.put_all({"c"});
  CHECK(first.scanned() == std::vector<std::string>{"a"});
  CHECK(second.scanned() == std::vector<std::string>{"b"});
  CHECK(third.scanned() == std::vector<std::string>{"c"});
}

TEST_CASE("a store that was flushed is gone, and empty when it is opened again") {
  const redis_trial here;
  writer to(must(here.open()));
  to.put_all({"a"});
  CHECK(to.doubt().empty());
  here.server().cli({"FLUSHALL"});
  CHECK(code_of(to.session().doubt()) == errc::store_io);
  const auto id = id_of("c", "a");
  const std::vector removal{backends::removal_of(id)};
  CHECK(code_of(to.session().apply(
            {.expected = to.stands(), .next = to.stands(), .rows = removal, .counts = {}})) ==
        errc::store_io);
  CHECK(here.server().cli({"DBSIZE"}) == "0");
  CHECK(must(here.inspect()).what == backends::place::kind::empty);
}

TEST_CASE("keys that are gone are noticed until it is settled, those of others are not ours") {
  const redis_trial here;
  writer to(must(here.open()));
  to.put_all({"a", "b", "c"});
  CHECK(to.doubt().empty());
  here.server().cli({"DEL", "keelson:c:b"});
  CHECK(to.doubt() == "1 keys are missing");
  CHECK(to.doubt() == "1 keys are missing");
  CHECK(to.scanned() == std::vector<std::string>{"a", "c"});
  to.trust();
  CHECK(to.doubt().empty());
  here.server().cli({"SET", "theirs", "1"});
  here.server().cli({"SET", "theirs2", "1"});
  CHECK(to.doubt().empty());
  to.put_all({"d"});
  CHECK(to.doubt().empty());
}

TEST_CASE("a document that expires is noticed, also in a database with other keys") {
  const redis_trial here;
  writer to(must(here.open()));
  to.put_all({"a", "b"});
  here.server().cli({"MSET", "theirs", "1", "theirs2", "1"});
  here.server().cli({"PEXPIRE", "keelson:c:a", "100000"});
  CHECK(to.doubt().empty());
  here.server().cli({"PEXPIREAT", "keelson:c:a", "1"});
  here.server().cli({"SET", "brief", "1", "PXAT", "1"});
  here.server().cli({"GET", "brief"});
  const auto why = to.doubt();
  CHECK((why == "keys of the database have expired" || has(why, "missing")));
  CHECK(to.scanned() == std::vector<std::string>{"b"});
}

TEST_CASE("an apply takes a document's time to live, and whatever else lay under its key") {
  const redis_trial here;
  writer to(must(here.open()));
  to.put_all({"a", "b"});
  here.server().cli({"PEXPIRE", "keelson:c:a", "100000"});
  here.server().cli({"SET", "keelson:c:b", "scribble"});
  const auto damaged = must(to.reader().get(std::vector{id_of("c", "b")})).documents;
  REQUIRE(damaged[0]);
  CHECK(damaged[0]->value.empty());
  to.put_all({"a", "b"});
  CHECK(here.server().cli({"PTTL", "keelson:c:a"}) == "-1");
  CHECK(here.server().cli({"HGET", "keelson:c:b", "value"}) == R"("of b")");
}

TEST_CASE("documents that no index names are found by a whole scan") {
  const redis_trial here;
  writer to(must(here.open()));
  to.put_all({"b", "d"});
  for (const auto* key : {"keelson:c:a", "keelson:c:c", "keelson:c:e", "keelson:x:a"}) {
    here.server().cli({"HSET", key, "value", "1", "version", "7"});
  }
  here.server().cli({"SET", "keelson:Not-a-collection:a", "1"});
  CHECK(to.scanned() == std::vector<std::string>{"a", "b", "c", "d", "e", "a"});
  std::vector<std::string> backward;
  for (const auto& each :
       must(to.reader().scan({.direction = backends::scan_direction::backward})).documents) {
    backward.push_back(each.id.key.text());
  }
  CHECK(backward == std::vector<std::string>{"a", "e", "d", "c", "b", "a"});
  CHECK(must(to.reader().scan({.collection = "c"})).documents.size() == 2);
}

TEST_CASE("an index that lost keys is completed") {
  const redis_trial here;
  writer to(must(here.open()));
  to.put_all({"a", "b", "c"});
  SECTION("one key") {
    here.server().cli({"ZREM", "keelson:.keys:c", "b"});
  }
  SECTION("all of it") {
    here.server().cli({"DEL", "keelson:.keys:c"});
  }
  CHECK_FALSE(to.doubt().empty());
  CHECK(here.server().cli({"ZCARD", "keelson:.keys:c"}) == "3");
}

TEST_CASE("somebody who touches the state does not let an apply pass twice or be lost") {
  const redis_trial here;
  writer to(must(here.open()));
  to.put_all({"a"});
  here.server().cli({"HSET", "keelson:.state", "seen", "by hand"});
  to.put_all({"b"});
  CHECK(to.scanned() == std::vector<std::string>{"a", "b"});
  here.server().cli({"HSET", "keelson:.state", "sequence", "77"});
  const auto id = id_of("c", "a");
  const std::vector removal{backends::removal_of(id)};
  CHECK(code_of(to.session().apply(
            {.expected = to.stands(), .next = to.stands(), .rows = removal, .counts = {}})) ==
        errc::wrong_position);
  CHECK(to.scanned() == std::vector<std::string>{"a", "b"});
}

TEST_CASE("an apply beyond the server's memory changes nothing") {
  const redis_trial here;
  writer to(must(here.open()));
  to.put_all({"a"});
  here.server().cli({"CONFIG", "SET", "maxmemory", "1mb"});
  const document large{.id = id_of("c", "b"), .version = {2}, .value = "2"};
  const std::vector rows{backends::row_of(large)};
  const auto refused = to.session().apply(
      {.expected = to.stands(), .next = to.stands(), .rows = rows, .counts = {2, 2}});
  CHECK(code_of(refused) == errc::storage_full);
  CHECK(to.scanned() == std::vector<std::string>{"a"});
  here.server().cli({"CONFIG", "SET", "maxmemory", "0"});
  to.put_all({"b"});
}

TEST_CASE("a server that does not answer keeps nobody longer than the time-outs") {
  const redis_trial here;
  writer to(must(here.open("?timeout_ms=200")));
  here.server().freeze(true);
  CHECK(code_of(to.session().state()) == errc::store_io);
  CHECK(code_of(here.open("?timeout_ms=200")) == errc::store_io);
  here.server().freeze(false);
  // Nothing is known of what is under way on a connection that failed.
  CHECK(code_of(to.session().state()) == errc::store_io);
}

TEST_CASE("URLs that mean nothing are refused without their secrets") {
  const auto* const engine = must(backends::engine_for("redis:"));
  for (const std::string url :
       {"redis:kv", "redis://", "redis://u:pw@h:x/", "redis://u:pw@h/x", "redis://u:pw@a,b/0",
        "redis://u:pw@h/0?prefix=a:b", "redis://u:pw@h/0?prefix=", "redis://u:pw@h/0?cacert=x",
        "rediss://u:pw@h/0?cert=x", "redis://u:pw@h/0?timeout_ms=0", "redis://u:pw@h/0?what=1",
        "redis://u:pw@[::1/0", "redis://u:p%w@h/0"}) {
    CAPTURE(url);
    const auto refused = engine->inspect({.url = url});
    CHECK(code_of(refused) == errc::invalid_parameter);
    CHECK_FALSE(has(refused.error().detail, "pw"));
  }
}
