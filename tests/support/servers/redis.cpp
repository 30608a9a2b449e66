#include "tests/support/servers/redis.hpp"

#include <csignal>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace keelson::servers {

namespace {

namespace fs = std::filesystem;

constexpr const char* program = "/usr/bin/redis-server";

/// For exec; good as long as the words.
std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  for (auto& word : words) all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

/// Reads what the server says until it takes connections; false when it ends instead.
bool wait_until_ready(int output) {
  std::string said;
  char piece[512];
  while (said.find("Ready to accept connections") == std::string::npos) {
    const auto got = ::read(output, piece, sizeof piece);
    if (got <= 0) return false;
    said.append(piece, static_cast<std::size_t>(got));
  }
  return true;
}

}  // namespace

std::uint16_t free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  const bool bound = ::bind(probe, any, size) == 0 && ::getsockname(probe, any, &size) == 0;
  ::close(probe);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

redis_server::redis_server(std::vector<std::string> options)
    : options_(std::move(options)), port_(free_port()) {
  auto name = (fs::temp_directory_path() / "keelson-redis-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  start();
}

void redis_server::start() {
  std::vector<std::string> words{
      program,  "--port", std::to_string(port_), "--bind", "127.0.0.1", "--dir", folder_.string(),
      "--save", "",       "--appendonly",        "no"};
  words.insert(words.end(), options_.begin(), options_.end());
  const auto arguments = pointers(words);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const auto parent = ::getpid();
  process_ = ::fork();
  if (process_ < 0) throw std::runtime_error("cannot fork");
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    ::dup2(ends[1], STDOUT_FILENO);
    ::execv(program, arguments.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  output_ = ends[0];
  if (!wait_until_ready(output_)) throw std::runtime_error("redis-server did not start");
}

void redis_server::end() {
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  ::close(output_);
}

void redis_server::die_and_start() {
  end();
  start();
}

redis_server::~redis_server() {
  end();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string redis_server::url() const {
  return "redis://127.0.0.1:" + std::to_string(port_);
}

std::string redis_server::cli(std::vector<std::string> words) const {
  words.insert(words.begin(), {"redis-cli", "-p", std::to_string(port_)});
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const auto child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::execvp("redis-cli", pointers(words).data());
    ::_exit(127);
  }
  ::close(ends[1]);
  std::string said;
  char piece[512];
  for (ssize_t got = 0; (got = ::read(ends[0], piece, sizeof piece)) > 0;) {
    said.append(piece, static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0) throw std::runtime_error("redis-cli failed: " + said);
  while (said.ends_with('\n')) said.pop_back();
  return said;
}

void redis_server::freeze(bool frozen) const {
  ::kill(process_, frozen ? SIGSTOP : SIGCONT);
}

std::string redis_server::lack() {
  return ::access(program, X_OK) == 0 ? "" : "Debian's redis-server is not installed";
}

std::vector<std::string> redis_server::keeping_all() {
  return {"--appendonly", "yes", "--appendfsync", "always"};
}

redis_server& redis_server::shared() {
  static redis_server one(keeping_all());
  return one;
}

}  // namespace keelson::servers
