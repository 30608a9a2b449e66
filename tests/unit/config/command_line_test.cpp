#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "config/commands.hpp"
#include "config/setting_table.hpp"
#include "tests/unit/config/scratch_file.hpp"

namespace keelson::config {

namespace {

using keelson::testing::scratch_file;

/// Takes what is written to a standard stream.
class captured {
 public:
  explicit captured(std::ostream& stream) : stream_(stream), old_(stream.rdbuf(text_.rdbuf())) {}
  ~captured() { stream_.rdbuf(old_); }
  captured(const captured&) = delete;
  captured& operator=(const captured&) = delete;
  [[nodiscard]] std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::ostream& stream_;
  std::streambuf* old_;
};

struct outcome {
  int status = -1;
  std::string out;
  std::string err;
  std::optional<settings> served;
};

outcome run(std::vector<const char*> arguments, int serve_status = 0) {
  arguments.insert(arguments.begin(), "keelson");
  outcome seen;
  const captured out(std::cout);
  const captured err(std::cerr);
  seen.status = run_command_line(static_cast<int>(arguments.size()), arguments.data(),
                                 [&](const loaded& with, const load_function&) {
                                   seen.served = with.values;
                                   return serve_status;
                                 });
  seen.out = out.text();
  seen.err = err.text();
  return seen;
}

}  // namespace

TEST_CASE("serve gets its settings and gives the exit status") {
  const auto seen = run({"serve", "--listen", "[::1]:0", "--data", "/srv/k", "--primary",
                         "sqlite:p.db", "--secondary", "a=rocksdb:a", "--secondary=b=sqlite:b.db",
                         "--limits-value", "2MiB", "--insecure-listen"},
                        7);
  CHECK(seen.status == 7);
  CHECK(seen.err.empty());
  REQUIRE(seen.served);
  CHECK(seen.served->listen.address == "::1");
  CHECK(seen.served->data == "/srv/k");
  CHECK(seen.served->primary.url == "sqlite:p.db");
  REQUIRE(seen.served->secondaries.size() == 2);
  CHECK(seen.served->secondaries[0].name == "a");
  CHECK(seen.served->secondaries[1].url == "sqlite:b.db");
  CHECK(seen.served->limits.value == 2U << 20);
  CHECK(seen.served->insecure_listen);
  CHECK_FALSE(seen.served->start.new_log);
}

TEST_CASE("what is for one start") {
  const auto seen = run({"serve", "--adopt", "kv", "--new-log"});
  REQUIRE(seen.served);
  CHECK(seen.served->start.adopt == std::vector<std::string>{"kv"});
  CHECK(seen.served->start.new_log);
  CHECK_FALSE(seen.served->start.new_epoch);
}

TEST_CASE("--secondary none leaves no secondary") {
  const auto seen = run({"serve", "--secondary", "none"});
  REQUIRE(seen.served);
  CHECK(seen.served->secondaries.empty());
}

TEST_CASE("a switch may be said both ways") {
  CHECK(run({"serve", "--insecure-listen=no"}).served->insecure_listen == false);
  CHECK(run({"serve", "--insecure-listen", "--data", "d"}).served->insecure_listen == true);
}

TEST_CASE("all mistakes of a command line are on standard error, and nothing is served") {
  const auto seen = run({"serve", "--limts-value", "1MiB", "--secondry=x", "--limits-key", "long",
                         "--data", "a", "--data", "b", "stray"});
  CHECK(seen.status == 2);
  CHECK_FALSE(seen.served);
  CHECK(seen.out.empty());
  CHECK(seen.err ==
        "keelson: --data: is given more than once\n"
        "keelson: --limts-value: there is no such flag; did you mean '--limits-value'?\n"
        "keelson: --secondry: there is no such flag; did you mean '--secondary'?\n"
        "keelson: 'stray': nothing is expected here\n"
        "keelson: --limits-key: 'long' is not a size such as 64KiB, 8MiB or plain bytes\n");
}

TEST_CASE("command lines that cannot be used") {
  for (const auto& arguments : std::vector<std::vector<const char*>>{{},
                                                                     {"nonsense"},
                                                                     {"serve", "--data"},
                                                                     {"--nonsense", "serve"},
                                                                     {"backends", "--data"}}) {
    const auto seen = run(arguments);
    CHECK(seen.status == 2);
    CHECK_FALSE(seen.served);
    CHECK_THAT(seen.err, Catch::StartsWith("keelson: "));
  }
}

TEST_CASE("a command that does not exist is answered with the nearest one") {
  CHECK_THAT(run({"srve"}).err,
             Catch::StartsWith("keelson: there is no command 'srve'; did you mean 'serve'?\n"));
}

TEST_CASE("help names every flag with its default, and the version is told") {
  const auto help = run({"serve", "--help"});
  CHECK(help.status == 0);
  for (const setting& each : setting_table()) {
    INFO(each.name);
    CHECK_THAT(help.out, Catch::Contains(flag_of(each)));
    if (each.form != shape::toggle) {
      CHECK_THAT(help.out, Catch::Contains("(default: " + std::string(each.fallback) + ")"));
    }
  }
  const auto version = run({"--version"});
  CHECK(version.status == 0);
  CHECK_THAT(version.out, Catch::StartsWith("keelson "));
}

TEST_CASE("config prints what is in force and where it came from") {
  const scratch_file file("limits:\n  page: 50\n");
  const auto path = file.path();
  const auto seen =
      run({"config", "--config", path.c_str(), "--limits-key", "64", "--primary", "rocksdb:p"});
  CHECK(seen.status == 0);
  CHECK_THAT(seen.out, Catch::Contains("limits.page\t50\t" + file.line(2) + "\n"));
  CHECK_THAT(seen.out, Catch::Contains("limits.key\t64\t--limits-key\n"));
  CHECK_THAT(seen.out, Catch::Contains("primary.url\trocksdb:p\t--primary\n"));
  CHECK_THAT(seen.out, Catch::Contains("data\t./keelson-data\tdefault\n"));
  const auto json = run({"config", "--json"});
  CHECK_THAT(json.out,
             Catch::Contains(R"({"name":"limits.page","value":"1000","source":"default",)"));
  CHECK(run({"config", "--limits-key", "0"}).status == 2);
}

TEST_CASE("backends lists every engine") {
  const auto seen = run({"backends"});
  CHECK(seen.status == 0);
  CHECK_THAT(seen.out, Catch::Contains("sqlite\tsqlite:PATH\tdurable,transactional"));
  CHECK_THAT(seen.out, Catch::Contains("memory\t"));
  const auto json = run({"backends", "--json"});
  CHECK_THAT(json.out, Catch::Contains(R"({"scheme":"rocksdb","in_build":true,"url":)"));
}

}  // namespace keelson::config
