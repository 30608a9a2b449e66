#include <memory>
#include <string>
#include <vector>

#include "tests/conformance/history.hpp"
#include "tests/conformance/trial.hpp"
#include "tests/support/servers/redis.hpp"

using namespace keelson;
using namespace keelson::conformance;
using servers::redis_server;

namespace {

/// A primary on a server of its own.
class lasting_trial {
 public:
  explicit lasting_trial(const std::vector<std::string>& options = redis_server::keeping_all())
      : server_(options) {}

  [[nodiscard]] redis_server& server() noexcept { return server_; }
  [[nodiscard]] result<std::shared_ptr<backends::store>> open(const std::string& tail = "") const {
    const auto* const engine = must(backends::engine_for("redis:"));
    return engine->open({.url = server_.url() + tail}, primary_owner(),
                        backends::foreign_policy::refuse, first_epoch);
  }
  void set(const std::string& name, const std::string& value) const {
    server_.cli({"CONFIG", "SET", name, value});
  }

 private:
  redis_server server_;
};

/// Commits puts, one commit a call.
class log_writer {
 public:
  explicit log_writer(std::shared_ptr<backends::store> store)
      : store_(std::move(store)),
        session_(must(store_->open_primary())),
        log_(must(session_->meta())) {}

  [[nodiscard]] result<void> put_one(const std::string& key, const std::string& value = "1") {
    const auto planned = log_.plan({{put("c", key, value)}});
    auto done = commit_group(*session_, planned);
    if (done) log_.accept(planned);
    return done;
  }
  [[nodiscard]] const history& log() const noexcept { return log_; }
  [[nodiscard]] backends::primary_session& session() { return *session_; }
  [[nodiscard]] std::unique_ptr<backends::primary_reader> reader() {
    return must(store_->open_primary_reader());
  }

 private:
  std::shared_ptr<backends::store> store_;
  std::unique_ptr<backends::primary_session> session_;
  history log_;
};

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a primary's log is a stream that redis-cli shows") {
  lasting_trial here;
  log_writer to(must(here.open()));
  must(to.put_one("one"));
  must(to.put_one("two"));
  const auto& server = here.server();
  CHECK(server.cli({"HGET", "keelson:c:two", "version"}) == "2");
  CHECK(server.cli({"XLEN", "keelson:.log"}) == "2");
  CHECK(mentions(server.cli({"XRANGE", "keelson:.log", "2", "2"}), "2-0"));
  CHECK(server.cli({"HGET", "keelson:.meta", "last"}) == "2");
  CHECK(server.cli({"HGET", "keelson:.mark", "role"}) == "primary");
}

TEST_CASE("a server that keeps less than it acknowledges is refused with what has to be set") {
  lasting_trial here;
  const auto refused = [&](const std::string& name, const std::string& value) {
    here.set(name, value);
    const auto why = here.open();
    CHECK(code_of(why) == errc::not_supported);
    CHECK(here.server().cli({"DBSIZE"}) == "0");
    return why.error().detail;
  };
  CHECK(mentions(refused("appendfsync", "everysec"), "a primary needs `appendfsync always`"));
  here.set("appendfsync", "always");
  CHECK(mentions(refused("maxmemory-policy", "allkeys-lru"), "noeviction"));
  here.set("maxmemory-policy", "noeviction");
  CHECK(mentions(refused("appendonly", "no"), "a primary needs `appendonly yes`"));
  // Until the file is made nothing lasts.
  here.set("appendonly", "yes");
  auto opened = here.open();
  while (!opened && opened.error().code == errc::unavailable) opened = here.open();
  must(log_writer(must(std::move(opened))).put_one("a"));
}

TEST_CASE("sentinels and a user who may not ask are refused") {
  lasting_trial here;
  const auto* const engine = must(backends::engine_for("redis:"));
  const auto open = [&](const std::string& url) {
    return engine->open({.url = url}, primary_owner(), backends::foreign_policy::refuse,
                        first_epoch);
  };
  const auto behind = open("redis://127.0.0.1:1/0?sentinel=main");
  CHECK(code_of(behind) == errc::not_supported);
  CHECK(mentions(behind.error().detail, "sentinels"));
  here.server().cli({"ACL", "SETUSER", "app", "on", ">word", "~*", "+@all", "-config"});
  const auto silent = open("redis://app:word@127.0.0.1:" + std::to_string(here.server().port()));
  CHECK(code_of(silent) == errc::unavailable);
  CHECK(mentions(silent.error().detail, "+config|get"));
}

TEST_CASE("what is written while the server keeps too little is not acknowledged") {
  lasting_trial here;
  log_writer to(must(here.open()));
  must(to.put_one("a"));
  here.set("appendfsync", "everysec");
  const auto done = to.put_one("b");
  REQUIRE_FALSE(done);
  CHECK(done.error().code == errc::outcome_unknown);
  CHECK(mentions(done.error().detail, "appendfsync"));
  CHECK(code_of(to.session().meta()) == errc::unavailable);
  here.set("appendfsync", "always");
  CHECK(must(to.session().meta()).last == sequence{2});
  here.set("maxmemory-policy", "allkeys-lru");
  CHECK(code_of(to.session().meta()) == errc::unavailable);
}

TEST_CASE("a second writer is fenced, and a hand that moves nothing is not") {
  lasting_trial here;
  log_writer first(must(here.open()));
  log_writer second(must(here.open()));
  must(first.put_one("a"));
  const auto late = second.put_one("b");
  REQUIRE_FALSE(late);
  CHECK(late.error().code == errc::fenced);
  here.server().cli({"HSET", "keelson:.meta", "seen", "by hand"});
  must(first.put_one("c"));
  CHECK(must(first.session().meta()) == first.log().meta());
  CHECK(here.server().cli({"XLEN", "keelson:.log"}) == "2");
}

TEST_CASE("what was acknowledged is there after the server was killed") {
  lasting_trial here;
  history log = detached_history();
  {
    log_writer to(must(here.open()));
    for (int i = 0; i < 50; ++i) must(to.put_one("k" + std::to_string(i)));
    log = to.log();
  }
  here.server().die_and_start();
  log_writer to(must(here.open()));
  CHECK(must(to.session().meta()) == log.meta());
  CHECK(must(to.reader()->read_log({}, 100, 1 << 20)).records == log.records());
}

TEST_CASE("a commit beyond the server's memory changes nothing") {
  lasting_trial here;
  log_writer to(must(here.open()));
  must(to.put_one("a"));
  here.set("maxmemory", "1mb");
  const auto full = to.put_one("b");
  REQUIRE_FALSE(full);
  CHECK(full.error().code == errc::storage_full);
  CHECK(must(to.session().meta()) == to.log().meta());
  here.set("maxmemory", "0");
  must(to.put_one("b"));
}

TEST_CASE("a key of ours that holds something else is said") {
  lasting_trial here;
  log_writer to(must(here.open()));
  must(to.put_one("a"));
  here.server().cli({"DEL", "keelson:.keys:c"});
  here.server().cli({"SET", "keelson:.keys:c", "theirs"});
  const auto broken = to.put_one("b");
  REQUIRE_FALSE(broken);
  CHECK(broken.error().code == errc::store_corrupt);
}

TEST_CASE("a long log is read and trimmed whole, in whatever pieces it comes") {
  lasting_trial here;
  log_writer to(must(here.open()));
  const std::string large = '"' + std::string(100'000, 'v') + '"';
  for (int i = 0; i < 300; ++i) must(to.put_one("k" + std::to_string(i), i % 7 == 0 ? large : "1"));
  const auto reader = to.reader();
  CHECK(must(reader->read_log({}, 1000, std::size_t{1} << 30)).records == to.log().records());
  CHECK(must(reader->read_log({10}, 100, std::size_t{1} << 30)).records.size() == 100);
  const auto meta = must(to.session().trim({250}, 220));
  CHECK(meta.oldest == sequence{220});
  const auto rest = must(reader->read_log({220}, 1000, std::size_t{1} << 30));
  CHECK(rest.records.size() == 80);
  CHECK(rest.meta == meta);
  std::uint64_t bytes = 0;
  for (const auto& record : rest.records) bytes += log_bytes_of(record);
  CHECK(meta.log_bytes == bytes);
  CHECK(must(reader->chain_at({220})) == meta.oldest_chain);
  CHECK_FALSE(must(reader->chain_at({219})));
  CHECK(here.server().cli({"XLEN", "keelson:.log"}) == "80");
}

TEST_CASE("a hand that moves the log's end stops the writer") {
  lasting_trial here;
  log_writer to(must(here.open()));
  must(to.put_one("a"));
  here.server().cli({"FLUSHALL"});
  const auto gone = to.put_one("b");
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code == errc::store_io);
  CHECK(here.server().cli({"DBSIZE"}) == "0");
}
