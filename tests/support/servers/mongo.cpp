#include "tests/support/servers/mongo.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace keelson::servers {

namespace {

namespace fs = std::filesystem;

const fs::path root = KEELSON_ROOT;
constexpr const char* url_variable = "KEELSON_TEST_MONGODB_URL";
constexpr const char* java = "/usr/bin/java";

fs::path jars() {
  return root / "build" / "maven" / "lib";
}

std::string read_line(int from) {
  std::string line;
  char byte = 0;
  while (::read(from, &byte, 1) == 1 && byte != '\n') line += byte;
  return line;
}

}  // namespace

mongo_server::mongo_server() {
  const char* const given = std::getenv(url_variable);
  if (given == nullptr) {
    start();
    return;
  }
  const std::string url = given;
  const auto path = url.find('/', url.find("://") + 3);
  const auto query = url.find('?');
  before_database_ = url.substr(0, std::min(path, query)) + '/';
  if (query != std::string::npos) behind_database_ = url.substr(query);
}

void mongo_server::start() {
  std::vector<std::string> words{
      java,
      "-Xshare:auto",
      "-XX:TieredStopAtLevel=1",
      "-Xmx512m",
      "-cp",
      (jars() / "*").string(),
      (root / "tests" / "support" / "servers" / "MongoServer.java").string(),
      "0"};
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::array<int, 2> input{};
  std::array<int, 2> output{};
  if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe");
  }
  process_ = ::fork();
  if (process_ < 0) throw std::runtime_error("cannot fork");
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(input[0], STDIN_FILENO);
    ::dup2(output[1], STDOUT_FILENO);
    ::dup2(::open("/dev/null", O_WRONLY), STDERR_FILENO);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  ::close(input[0]);
  ::close(output[1]);
  input_ = input[1];  // its end is the server's end
  const auto port = read_line(output[0]);
  ::close(output[0]);
  if (port.empty()) throw std::runtime_error("no mongo-java-server");
  before_database_ = "mongodb://127.0.0.1:" + port + '/';
}

mongo_server::~mongo_server() {
  if (process_ < 0) return;
  ::close(input_);
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

std::string mongo_server::fresh_url() {
  return before_database_ + "keelson_trial_" + std::to_string(::getpid()) + '_' +
         std::to_string(++databases_) + behind_database_;
}

std::string mongo_server::version() {
  if (std::getenv(url_variable) != nullptr) return {};
  const std::string begin = "mongo-java-server-core-";
  for (const auto& each : fs::directory_iterator(jars())) {
    const auto name = each.path().stem().string();
    if (name.starts_with(begin)) return "mongo-java-server " + name.substr(begin.size());
  }
  return "mongo-java-server";
}

std::string mongo_server::lack() {
  if (std::getenv(url_variable) != nullptr) return {};
  std::error_code absent;
  if (!fs::exists(java, absent)) return "Debian's default-jdk-headless is not installed";
  if (fs::exists(jars(), absent) && !fs::is_empty(jars(), absent)) return {};
  return "mongo-java-server is not in build/maven, where deploy/test installs it; or name a server "
         "in KEELSON_TEST_MONGODB_URL";
}

mongo_server& mongo_server::shared() {
  static mongo_server one;
  return one;
}

}  // namespace keelson::servers
