#include "backends/redis/connection.hpp"

#include <chrono>
#include <utility>

namespace keelson::backends::redis {

namespace {

/// One exchange ends after this many times the silence that is allowed in it.
constexpr int longest_exchange = 12;

wait_limits limits_from(const patience& waits) {
  return {.silence = waits.silence,
          .end = std::chrono::steady_clock::now() + waits.silence * longest_exchange};
}

}  // namespace

result<connection> connection::open(const redis_address& to) {
  auto server = result<server_address>(to.servers.front());
  if (!to.master.empty()) server = find_master(to);
  if (!server) return pass_on(std::move(server));
  auto made = reach(to, *server);
  if (!made) return made;
  if (auto done = made->log_in(to.login); !done) return pass_on(std::move(done));
  if (to.database != 0) {
    if (auto done = made->ask("SELECT", to.database); !done) return pass_on(std::move(done));
  }
  return made;
}

result<connection> connection::reach(const redis_address& to, const server_address& server) {
  auto opened = socket::connect(server, to.waits.connect);
  if (!opened) return pass_on(std::move(opened));
  connection made(std::move(*opened), to.waits);
  if (to.tls) {
    if (auto done = made.start_tls(server, *to.tls); !done) return pass_on(std::move(done));
  }
  return made;
}

result<void> connection::start_tls(const server_address& server, const tls_files& files) {
  auto begun = tls_layer::begin(socket_, server, files, limits_from(waits_));
  if (!begun) return pass_on(std::move(begun));
  tls_.emplace(std::move(*begun));
  return {};
}

result<reply> connection::ask_sentinel(const redis_address& to, const server_address& sentinel) {
  auto reached = reach(to, sentinel);
  if (!reached) return pass_on(std::move(reached));
  if (auto done = reached->log_in(to.sentinel_login); !done) return pass_on(std::move(done));
  return reached->ask("SENTINEL", "get-master-addr-by-name", to.master);
}

/// The first sentinel that knows decides; of those that do not, the last one's reason is given.
result<server_address> connection::find_master(const redis_address& to) {
  error why{.code = errc::unavailable};
  for (const auto& sentinel : to.servers) {
    auto said = ask_sentinel(to, sentinel);
    if (!said) {
      why = std::move(said).error();
    } else if (const auto host = said->text_at(0), port = said->text_at(1); host && port) {
      return server_address{std::string(*host), std::string(*port)};
    } else {
      why.detail = "the sentinel " + sentinel.text() + " knows no master '" + to.master + "'";
    }
  }
  why.code = errc::unavailable;
  return std::unexpected(std::move(why));
}

result<void> connection::log_in(const credentials& as) {
  if (as.password.empty() && as.user.empty()) return {};
  auto done = as.user.empty() ? ask("AUTH", as.password) : ask("AUTH", as.user, as.password);
  if (!done) return pass_on(std::move(done));
  return {};
}

result<reply> connection::only(const command_buffer& command) {
  auto replies = exchange(command);
  if (!replies) return pass_on(std::move(replies));
  if (replies->front().failed()) return std::unexpected(to_error(replies->front()));
  return std::move(replies->front());
}

result<std::vector<reply>> connection::exchange(const command_buffer& commands) {
  if (!lost_.empty()) return fail(errc::store_io, lost_);
  auto replies = talk(commands);
  if (!replies) lost_ = replies.error().detail;
  return replies;
}

result<std::vector<reply>> connection::talk(const command_buffer& commands) {
  const auto limits = limits_from(waits_);
  auto sent =
      tls_ ? tls_->send(socket_, commands.bytes(), limits) : socket_.send(commands.bytes(), limits);
  if (!sent) return pass_on(std::move(sent));
  std::vector<reply> replies;
  replies.reserve(commands.commands());
  while (replies.size() < commands.commands()) {
    auto next = reader_.next();
    if (!next) return pass_on(std::move(next));
    if (*next) {
      replies.push_back(std::move(**next));
    } else if (auto more = receive(limits); !more) {
      return pass_on(std::move(more));
    }
  }
  return replies;
}

result<void> connection::receive(const wait_limits& limits) {
  auto got = tls_ ? tls_->receive(socket_, room_, limits) : socket_.receive(room_, limits);
  if (!got) return pass_on(std::move(got));
  return reader_.feed(std::span(room_).first(*got));
}

}  // namespace keelson::backends::redis
