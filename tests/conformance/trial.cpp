#include "tests/conformance/trial.hpp"

#include <array>
#include <atomic>
#include <fstream>
#include <stdexcept>

#include <stdlib.h>

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

constexpr std::array table{
    subject{"memory", &fresh_memory, nullptr},
    subject{"rocksdb", [](const fs::path&) { return std::string("rocksdb:kv"); }, &plant_file},
    subject{"sqlite", [](const fs::path&) { return std::string("sqlite:kv.db"); }, &plant_file},
};

}  // namespace

std::span<const subject> subjects() {
  return table;
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
