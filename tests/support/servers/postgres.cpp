#include "tests/support/servers/postgres.hpp"

#include <csignal>
#include <stdexcept>
#include <string_view>

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace keelson::servers {

namespace {

namespace fs = std::filesystem;

/// Where Debian has initdb and postgres, of the newest version; empty if there is none.
fs::path program_folder() {
  const fs::path versions = "/usr/lib/postgresql";
  fs::path newest;
  std::error_code absent;
  for (const auto& each : fs::directory_iterator(versions, absent)) {
    const auto programs = each.path() / "bin";
    if (fs::exists(programs / "initdb") && programs > newest) newest = programs;
  }
  return newest;
}

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

/// Whom the server runs as; null for whoever runs the test.
const passwd* other_user() {
  if (::geteuid() != 0) return nullptr;
  const auto* const own = ::getpwnam("postgres");
  return own != nullptr ? own : ::getpwnam("nobody");
}

struct child {
  pid_t process = -1;
  int said = -1;  ///< what it writes to its standard output and error
};

/// `user`: null for the one of this process. A child never outlives this process.
child start_program(std::vector<std::string> words, const passwd* user) {
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const auto parent = ::getpid();
  const pid_t process = ::fork();
  if (process < 0) throw std::runtime_error("cannot fork");
  if (process == 0) {
    const bool changed =
        user == nullptr || (::setgroups(0, nullptr) == 0 && ::setgid(user->pw_gid) == 0 &&
                            ::setuid(user->pw_uid) == 0);
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // of a postmaster: shut down at once
    if (!changed || ::getppid() != parent || ::chdir("/") != 0) ::_exit(1);
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  return {process, ends[0]};
}

/// What it says until `until` is said, or until it ends.
std::string read_output(int from, std::string_view until) {
  std::string said;
  char piece[512];
  while (until.empty() || said.find(until) == std::string::npos) {
    const auto got = ::read(from, piece, sizeof piece);
    if (got <= 0) break;
    said.append(piece, static_cast<std::size_t>(got));
  }
  ::close(from);
  return said;
}

/// Runs a program to its end.
std::string run_program(std::vector<std::string> words, const passwd* user) {
  const auto name = words.front();
  const auto running = start_program(std::move(words), user);
  auto said = read_output(running.said, {});
  int status = 0;
  ::waitpid(running.process, &status, 0);
  if (status != 0) throw std::runtime_error(name + " failed: " + said);
  return said;
}

}  // namespace

postgres_server::postgres_server(const std::vector<std::string>& options)
    : programs_(program_folder()), port_(free_port()) {
  auto name = (fs::temp_directory_path() / "keelson-postgres-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  const auto* const user = other_user();
  if (user != nullptr && ::chown(name.c_str(), user->pw_uid, user->pw_gid) != 0) {
    throw std::runtime_error("cannot give the folder to " + std::string(user->pw_name));
  }
  run_program({(programs_ / "initdb").string(), "--no-sync", "--auth=trust", "--encoding=UTF8",
               "--locale=C", "--username=keelson", "--pgdata=" + (folder_ / "data").string()},
              user);
  start(options);
}

void postgres_server::start(const std::vector<std::string>& options) {
  std::vector<std::string> words{(programs_ / "postgres").string(),
                                 "-D",
                                 (folder_ / "data").string(),
                                 "-p",
                                 std::to_string(port_),
                                 "-c",
                                 "listen_addresses=127.0.0.1",
                                 "-c",
                                 "unix_socket_directories=" + folder_.string()};
  words.insert(words.end(), options.begin(), options.end());
  const auto running = start_program(std::move(words), other_user());
  process_ = running.process;
  constexpr std::string_view ready = "ready to accept connections";
  // Nobody reads what it says later; it does not mind.
  const auto said = read_output(running.said, ready);
  if (said.find(ready) == std::string::npos) throw std::runtime_error("no PostgreSQL: " + said);
}

postgres_server::~postgres_server() {
  ::kill(process_, SIGQUIT);
  ::waitpid(process_, nullptr, 0);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string postgres_server::url(const std::string& database) const {
  return "postgresql://keelson@127.0.0.1:" + std::to_string(port_) + '/' + database;
}

std::string postgres_server::fresh_url() {
  constexpr unsigned kept = 4;
  const auto name = [](unsigned number) { return "trial_" + std::to_string(number); };
  ++databases_;
  if (databases_ > kept) {
    try {
      run(url("postgres"), "DROP DATABASE IF EXISTS " + name(databases_ - kept));
    } catch (const std::runtime_error&) {
      // somebody still uses it
    }
  }
  run(url("postgres"), "CREATE DATABASE " + name(databases_));
  return url(name(databases_));
}

std::string postgres_server::run(const std::string& url, const std::string& sql) const {
  return run_program({(programs_ / "psql").string(), "--no-psqlrc", "--tuples-only", "--no-align",
                      "--set=ON_ERROR_STOP=1", "--command=" + sql, url},
                     nullptr);
}

std::string postgres_server::lack() {
  return program_folder().empty() ? "Debian's postgresql is not installed" : "";
}

postgres_server& postgres_server::shared() {
  static postgres_server one;
  return one;
}

}  // namespace keelson::servers
