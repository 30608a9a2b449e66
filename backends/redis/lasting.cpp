#include "backends/redis/lasting.hpp"

#include <string>
#include <string_view>

#include "backends/redis/server_facts.hpp"

namespace keelson::backends::redis {

namespace {

/// Of the names and values that CONFIG GET gave.
std::string_view setting(const reply& answer, std::string_view name) {
  for (std::size_t i = 0; i + 1 < answer.items.size(); i += 2) {
    if (answer.items[i].text == name) return answer.items[i + 1].text;
  }
  return {};
}

result<void> expect(const reply& answer, std::string_view name, std::string_view wanted,
                    std::string_view otherwise) {
  const auto present = setting(answer, name);
  if (present == wanted) return {};
  return fail(errc::not_supported, "the server's " + std::string(name) + " is '" +
                                       std::string(present) + "', " + std::string(otherwise) +
                                       "; a primary needs `" + std::string(name) + ' ' +
                                       std::string(wanted) + "` in its configuration");
}

}  // namespace

void ask_lasting(command_buffer& out) {
  out.add("CONFIG", "GET", "append[of]*").add("CONFIG", "GET", "maxmemory-policy");
}

result<void> check_lasting(std::span<const reply> answers) {
  for (const auto& answer : answers) {
    if (!answer.failed()) continue;
    return fail(errc::unavailable,
                "whether the server keeps what it acknowledges cannot be asked: " + answer.text +
                    "; a primary's user needs the right to CONFIG GET (ACL: +config|get)");
  }
  if (auto kept = expect(answers[0], "appendonly", "yes", "so that it loses writes when it ends");
      !kept) {
    return kept;
  }
  if (auto synced =
          expect(answers[0], "appendfsync", "always", "so that it acknowledges what it may lose");
      !synced) {
    return synced;
  }
  return expect(answers[1], "maxmemory-policy", "noeviction",
                "under which it lets go of documents");
}

result<void> check_lasting(connection& server) {
  command_buffer both;
  ask_lasting(both);
  both.add("INFO", "persistence");
  const auto said = server.exchange(both);
  if (!said) return std::unexpected(said.error());
  const auto settings = std::span(*said).first(lasting_questions);
  if (auto lasts = check_lasting(settings); !lasts) return lasts;
  const auto& info = said->back();
  if (info.failed()) return std::unexpected(to_error(info));
  const bool being_written = info_line(info.text, "aof_rewrite_in_progress") == "1" ||
                             info_line(info.text, "aof_rewrite_scheduled") == "1";
  if (!being_written || info_line(info.text, "aof_base_size") != "0") return {};
  return fail(errc::unavailable,
              "the server is writing its first append-only file; until that is done nothing lasts");
}

}  // namespace keelson::backends::redis
