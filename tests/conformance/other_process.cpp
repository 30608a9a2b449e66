#include "tests/conformance/other_process.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/conformance/scribe.hpp"

namespace keelson::conformance {

namespace {

constexpr const char* url_variable = "KEELSON_OTHER_PROCESS_URL";
constexpr const char* folder_variable = "KEELSON_OTHER_PROCESS_FOLDER";
constexpr const char* commits_variable = "KEELSON_OTHER_PROCESS_COMMITS";
constexpr const char* test_case = "plays the other process";

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

void wait_for_byte(int descriptor) {
  char byte = 0;
  if (::read(descriptor, &byte, 1) != 1) throw std::runtime_error("the other process ended");
}

}  // namespace

other_process::other_process(const trial& place, int commits) {
  std::array<int, 2> ready{};
  if (::pipe(ready.data()) != 0) throw std::runtime_error("no pipe");
  std::vector<std::string> settings{
      std::string(url_variable) + '=' + place.location().url,
      std::string(folder_variable) + '=' + place.location().folder.string(),
      std::string(commits_variable) + '=' + std::to_string(commits)};
  std::vector<char*> environment;
  for (auto& setting : settings) environment.push_back(setting.data());
  for (char** each = environ; *each != nullptr; ++each) environment.push_back(*each);
  environment.push_back(nullptr);

  // Its standard output is the pipe that it says "ready" on.
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ready[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addclose(&actions, ready[0]);
  std::string program = "/proc/self/exe";
  std::string name = test_case;
  const std::array<char*, 3> arguments{program.data(), name.data(), nullptr};
  const int spawned = ::posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments.data(),
                                    environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ready[1]);
  if (spawned != 0) throw std::runtime_error("no other process");
  wait_for_byte(ready[0]);
  ::close(ready[0]);
}

other_process::~other_process() {
  kill();
}

void other_process::kill() {
  if (process_ < 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

}  // namespace keelson::conformance

TEST_CASE("plays the other process", "[.]") {
  using namespace keelson;
  using namespace keelson::conformance;
  const backends::store_location location{.url = variable(url_variable),
                                          .folder = variable(folder_variable)};
  if (location.url.empty()) return;
  scribe writer(location);
  for (int i = std::stoi(variable(commits_variable)); i > 0; --i) {
    writer.commit({{put("c", std::to_string(i), "1")}});
  }
  writer.sync();
  if (::write(STDOUT_FILENO, "r", 1) != 1) FAIL("nobody waits");
  ::pause();
}
