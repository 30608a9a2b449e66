#include "tests/conformance/trial.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include <stdlib.h>

#include "tests/support/servers/mongo.hpp"
#include "tests/support/servers/postgres.hpp"
#include "tests/support/servers/redis.hpp"

namespace keelson::conformance {

namespace {

namespace fs = std::filesystem;

/// A file of somebody else where the URL's path leads.
void plant_file(const backends::store_location& location) {
  const auto path = location.folder / location.url.substr(location.url.find(':') + 1);
  std::ofstream(path) << "somebody else's notes\n";
}

std::string fresh_memory(const fs::path&) {
  static std::atomic<unsigned> number = 0;
  return "memory:trial-" + std::to_string(++number);
}

std::string fresh_postgres(const fs::path&) {
  return servers::postgres_server::shared().fresh_url();
}

void plant_schema(const backends::store_location& location) {
  servers::postgres_server::shared().run(
      location.url, "CREATE SCHEMA keelson; CREATE TABLE keelson.notes (line text)");
}

/// The prefix that the URL of a fresh place ends with.
std::string redis_prefix(const std::string& url) {
  return url.substr(url.rfind('=') + 1);
}

std::string fresh_redis(const fs::path&) {
  static std::atomic<unsigned> number = 0;
  return servers::redis_server::shared().url() + "/0?prefix=trial-" + std::to_string(++number);
}

/// A key of somebody else under the prefix.
void plant_redis(const backends::store_location& location) {
  servers::redis_server::shared().cli({"SET", redis_prefix(location.url) + ":theirs", "1"});
}

constexpr std::array table{
    subject{"memory", &fresh_memory, nullptr},
    subject{"file", [](const fs::path&) { return std::string("file:kv"); }, &plant_file},
    subject{"leveldb", [](const fs::path&) { return std::string("leveldb:kv"); }, &plant_file},
    subject{"postgresql", &fresh_postgres, &plant_schema, &servers::postgres_server::lack},
    subject{"mongodb", [](const fs::path&) { return servers::mongo_server::shared().fresh_url(); },
            nullptr, &servers::mongo_server::lack, true},
    subject{"rocksdb", [](const fs::path&) { return std::string("rocksdb:kv"); }, &plant_file},
    subject{"redis", &fresh_redis, &plant_redis, &servers::redis_server::lack, true},
    subject{"sqlite", [](const fs::path&) { return std::string("sqlite:kv.db"); }, &plant_file},
};

/// What can be tried, and what cannot and why.
struct selection {
  std::vector<subject> tried;
  std::vector<std::string> left_out;

  selection() {
    for (const auto& each : table) {
      if (!backends::engine_for(std::string(each.scheme) + ":")) continue;
      const auto lack = each.lack == nullptr ? std::string() : each.lack();
      if (lack.empty()) {
        tried.push_back(each);
      } else {
        left_out.push_back(std::string(each.scheme) + " is not tried: " + lack);
      }
    }
    for (const auto& line : left_out) std::cerr << line << '\n';
  }
};

const selection& selected() {
  static const selection once;
  return once;
}

}  // namespace

std::span<const subject> subjects() {
  return selected().tried;
}

std::vector<subject> primaries() {
  std::vector<subject> able;
  for (const auto& each : subjects()) {
    const auto* const engine = must(backends::engine_for(std::string(each.scheme) + ":"));
    if (engine->abilities.primary) able.push_back(each);
  }
  return able;
}

std::vector<std::string> left_out() {
  return selected().left_out;
}

temporary_folder::temporary_folder() {
  auto name = (fs::temp_directory_path() / "keelson-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

trial::trial(const subject& of)
    : of_(of), location_{.url = of.fresh_url(folder_.path()), .folder = folder_.path()} {
  engine_ = must(backends::engine_for(location_.url));
}

backends::ownership trial::owner() const {
  return engine_->abilities.primary ? primary_owner() : secondary_owner();
}

backends::ownership primary_owner() {
  return {.log_id = "11111111-1111-4111-8111-111111111111",
          .role = backends::store_role::primary,
          .name = "primary"};
}

backends::ownership secondary_owner() {
  return {.log_id = "11111111-1111-4111-8111-111111111111",
          .role = backends::store_role::secondary,
          .name = "kv"};
}

}  // namespace keelson::conformance
