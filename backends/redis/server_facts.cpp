#include "backends/redis/server_facts.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace keelson::backends::redis {

namespace {

std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string_view info_line(std::string_view info, std::string_view name) {
  for (std::size_t at = info.find(name); at != std::string_view::npos;
       at = info.find(name, at + 1)) {
    const auto behind = at + name.size();
    const bool begins = at == 0 || info[at - 1] == '\n';
    if (!begins || behind >= info.size() || info[behind] != ':') continue;
    const auto rest = info.substr(behind + 1);
    return rest.substr(0, rest.find_first_of("\r\n"));
  }
  return {};
}

server_facts read_facts(std::string_view info, std::uint32_t database) {
  server_facts facts{.counters = {.run_id = std::string(info_line(info, "run_id")),
                                  .evicted = number_of(info_line(info, "evicted_keys")),
                                  .expired = number_of(info_line(info, "expired_keys"))},
                     .role = std::string(info_line(info, "role")),
                     .policy = std::string(info_line(info, "maxmemory_policy")),
                     .cluster = info_line(info, "cluster_enabled") == "1"};
  // db0:keys=3,expires=1,avg_ttl=0
  const auto keys = info_line(info, "db" + std::to_string(database));
  constexpr std::string_view label = "expires=";
  if (const auto at = keys.find(label); at != std::string_view::npos) {
    facts.expiring = number_of(keys.substr(at + label.size())) > 0;
  }
  return facts;
}

result<void> check_server(const server_facts& facts) {
  if (facts.cluster) {
    return fail(errc::not_supported,
                "the server is a node of a Redis Cluster, which is not "
                "supported: its keys cannot change together");
  }
  if (facts.role != "master") {
    return fail(errc::unavailable,
                "the server is a replica (role " + facts.role + "); name its master");
  }
  if (facts.policy != "noeviction") {
    return fail(errc::not_supported,
                "the server's maxmemory-policy is '" + facts.policy +
                    "', under which it lets go of documents; set it to noeviction");
  }
  return {};
}

result<server_facts> ask_facts(connection& server, std::uint32_t database) {
  command_buffer both;
  both.add("INFO").add("CONFIG", "GET", "maxmemory-policy");
  const auto said = server.exchange(both);
  if (!said) return std::unexpected(said.error());
  const auto& info = said->front();
  if (info.failed()) return std::unexpected(to_error(info));
  auto facts = read_facts(info.text, database);
  if (const auto configured = said->back().text_at(1)) facts.policy = *configured;
  return facts;
}

}  // namespace keelson::backends::redis
