#include "config/profile.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>
#include <stdlib.h>

#include "config/loading.hpp"

namespace keelson::config {

namespace {

/// What `keelson config` would say with a profile and these variables, as one text.
std::string told(const std::string& profile, const environment& variables,
                 const std::string& container = "") {
  gathered all;
  read_environment(variables, all);
  all.around.container = container;
  all.values.push_back(
      {.which = find_setting("profile"), .items = {profile}, .from = {source::flag, "--profile"}});
  const auto outcome = load(std::move(all));
  std::string text;
  if (!outcome) {
    for (const auto& [where, what] : outcome.error()) text += where + ": " + what + "\n";
    return text;
  }
  for (const auto* const name : {"profile", "primary.url", "secondaries"}) {
    const auto row = std::ranges::find(outcome->report, name, &in_force::name);
    text += row->value + " | " + row->from + "\n";
  }
  return text;
}

const environment a_primary{{"DATABASE_URL", "sqlite:theirs.db"}};
const environment everything{{"DATABASE_URL", "sqlite:theirs.db"},
                             {"REDIS_URL", "memory:redis"},
                             {"MONGODB_URL", "memory:mongo"}};

/// A root with files as a container has them.
class scratch_root {
 public:
  scratch_root() {
    auto name = (std::filesystem::temp_directory_path() / "keelson-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
    std::filesystem::create_directories(path_ / "proc" / "1");
    std::filesystem::create_directories(path_ / "run");
  }
  ~scratch_root() { std::filesystem::remove_all(path_); }
  scratch_root(const scratch_root&) = delete;
  scratch_root& operator=(const scratch_root&) = delete;
  void write(const char* file, const char* text) const { std::ofstream(path_ / file) << text; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("local stores whatever the variables of others say") {
  const std::string local =
      "local | --profile\n"
      "sqlite:primary.db | profile local\n"
      "kv=rocksdb:kv | profile local\n";
  CHECK(told("local", {}) == local);
  CHECK(told("local", everything, "a sign") == local);
}

TEST_CASE("remote stores are those of the variables, and no others") {
  CHECK(told("remote", everything) ==
        "remote | --profile\n"
        "sqlite:theirs.db | DATABASE_URL (profile remote)\n"
        "redis=memory:redis mongodb=memory:mongo | REDIS_URL, MONGODB_URL (profile remote)\n");
  CHECK(told("remote", a_primary) ==
        "remote | --profile\n"
        "sqlite:theirs.db | DATABASE_URL (profile remote)\n"
        "none | profile remote\n");
  CHECK(told("remote", {{"MONGODB_URL", "sqlite:mongo"}, {"REDIS_URL", "memory:redis"}}) ==
        "remote | --profile\n"
        "sqlite:mongo | MONGODB_URL (profile remote)\n"
        "redis=memory:redis | REDIS_URL (profile remote)\n");
  CHECK(told("remote", {{"REDIS_URL", "memory:redis"}}) ==
        "--profile: the profile remote takes its primary from DATABASE_URL or MONGODB_URL, and "
        "neither is set; set one, or primary.url\n");
}

TEST_CASE("hybrid stores are those of the variables and those of the data folder") {
  CHECK(told("hybrid", everything) ==
        "hybrid | --profile\n"
        "sqlite:theirs.db | DATABASE_URL (profile hybrid)\n"
        "kv=rocksdb:kv redis=memory:redis mongodb=memory:mongo | "
        "REDIS_URL, MONGODB_URL (profile hybrid)\n");
  CHECK(told("hybrid", {{"REDIS_URL", "memory:redis"}}) ==
        "hybrid | --profile\n"
        "sqlite:primary.db | profile hybrid\n"
        "kv=rocksdb:kv redis=memory:redis | REDIS_URL (profile hybrid)\n");
}

TEST_CASE("an automatic profile says what it was chosen for") {
  CHECK(told("auto", {}) ==
        "local | --profile auto: in no container, and neither DATABASE_URL, REDIS_URL nor "
        "MONGODB_URL is set\n"
        "sqlite:primary.db | profile local\n"
        "kv=rocksdb:kv | profile local\n");
  CHECK(told("auto", a_primary) ==
        "hybrid | --profile auto: in no container, with DATABASE_URL\n"
        "sqlite:theirs.db | DATABASE_URL (profile hybrid)\n"
        "kv=rocksdb:kv | profile hybrid\n");
  CHECK(told("auto", everything, "/.dockerenv") ==
        "remote | --profile auto: in a container (/.dockerenv), with DATABASE_URL, REDIS_URL, "
        "MONGODB_URL\n"
        "sqlite:theirs.db | DATABASE_URL (profile remote)\n"
        "redis=memory:redis mongodb=memory:mongo | REDIS_URL, MONGODB_URL (profile remote)\n");
  CHECK_THAT(
      told("auto", {}, "/.dockerenv"),
      Catch::StartsWith("local | --profile auto: in a container (/.dockerenv), and neither"));
  // Nothing there could be a primary that outlives the container.
  CHECK_THAT(told("auto", {{"REDIS_URL", "memory:redis"}}, "/.dockerenv"),
             Catch::StartsWith("hybrid | "));
}

TEST_CASE("what names a store beats the profile") {
  auto named = everything;
  named.emplace_back("KEELSON_PRIMARY_URL", "sqlite:ours.db");
  CHECK(told("remote", named) ==
        "remote | --profile\n"
        "sqlite:ours.db | KEELSON_PRIMARY_URL\n"
        "redis=memory:redis mongodb=memory:mongo | REDIS_URL, MONGODB_URL (profile remote)\n");
  named = everything;
  named.emplace_back("KEELSON_SECONDARIES", "a=rocksdb:a");
  CHECK(told("hybrid", named) ==
        "hybrid | --profile\n"
        "sqlite:theirs.db | DATABASE_URL (profile hybrid)\n"
        "a=rocksdb:a | KEELSON_SECONDARIES\n");
  CHECK(told("hybrid", {{"KEELSON_PRIMARY_URL", "sqlite:same"}, {"MONGODB_URL", "sqlite:same"}}) ==
        "hybrid | --profile\n"
        "sqlite:same | KEELSON_PRIMARY_URL\n"
        "kv=rocksdb:kv | profile hybrid\n");
}

TEST_CASE("without a profile only DATABASE_URL is looked at") {
  CHECK(told("none", everything) ==
        "none | --profile\n"
        "sqlite:theirs.db | DATABASE_URL\n"
        "kv=rocksdb:kv | default\n");
}

TEST_CASE("a variable of no engine is a mistake, named without its password") {
  const auto primary = told("hybrid", {{"DATABASE_URL", "oracle://u:hunter2@h/x"}});
  CHECK_THAT(primary, Catch::StartsWith("DATABASE_URL (profile hybrid): no engine"));
  CHECK_THAT(primary, !Catch::Contains("hunter2"));
  const auto secondary = told("hybrid", {{"REDIS_URL", "oracle://u:hunter2@h/x"}});
  CHECK_THAT(secondary, Catch::StartsWith("REDIS_URL (profile hybrid): "));
  CHECK_THAT(secondary, !Catch::Contains("hunter2"));
}

TEST_CASE("a container is known by what its makers leave") {
  const scratch_root root;
  CHECK(container_sign({}, root.path()) == "");
  root.write("proc/1/cgroup", "1:cpu:/\n0::/init.scope\n");
  CHECK(container_sign({{"KUBERNETES_SERVICE_HOST", ""}}, root.path()) == "");
  SECTION("Kubernetes") {
    CHECK(container_sign({{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}}, root.path()) ==
          "KUBERNETES_SERVICE_HOST");
  }
  SECTION("Docker") {
    root.write(".dockerenv", "");
    CHECK(container_sign({}, root.path()) == "/.dockerenv");
  }
  SECTION("Podman") {
    root.write("run/.containerenv", "");
    CHECK(container_sign({}, root.path()) == "/run/.containerenv");
  }
  SECTION("others") {
    root.write("proc/1/cgroup", "4:memory:/kubepods/pod1\n");
    CHECK(container_sign({}, root.path()) == "/proc/1/cgroup names kubepods");
  }
}

}  // namespace keelson::config
