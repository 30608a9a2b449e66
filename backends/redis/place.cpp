#include "backends/redis/place.hpp"

#include <string>
#include <utility>

#include "backends/first_meta.hpp"
#include "backends/redis/stored_log.hpp"

namespace keelson::backends::redis {

namespace {

constexpr int keys_a_step = 1000;

/// A key that begins with our prefix; empty if there is none.
result<std::string> some_key(connection& server, const layout& names) {
  std::string cursor = "0";
  do {
    auto step = server.ask("SCAN", cursor, "MATCH", names.pattern(), "COUNT", keys_a_step);
    if (!step) return pass_on(std::move(step));
    const auto next = step->text_at(0);
    if (!next || step->items.size() != 2) return fail(errc::store_io, "SCAN gave no cursor");
    if (const auto first = step->items[1].text_at(0)) return std::string(*first);
    cursor = *next;
  } while (cursor != "0");
  return std::string();
}

std::unexpected<error> overtaken() {
  return fail(errc::unavailable, "somebody else has just marked the place");
}

}  // namespace

result<place> look(connection& server, const layout& names) {
  command_buffer question;
  ask_mark(question, names);
  const auto answer = server.exchange(question);
  if (!answer) return std::unexpected(answer.error());
  const auto& said = answer->front();
  if (said.failed() && !said.text.starts_with("WRONGTYPE")) return std::unexpected(to_error(said));
  auto found = read_mark(said);
  if (found.what != place::kind::empty) return found;
  const auto other = some_key(server, names);
  if (!other) return std::unexpected(other.error());
  if (other->empty()) return found;
  return place{.what = place::kind::foreign,
               .reason = "keys without a mark of Keelson's, such as '" + *other +
                         "'; another prefix keeps them apart (?prefix=NAME)"};
}

result<void> mark(connection& server, const layout& names, const place& found,
                  const ownership& owner, const witness& seen, std::string_view first_epoch) {
  command_buffer out;
  out.add("WATCH", names.mark());
  ask_mark(out, names);
  auto before = server.exchange(out);
  if (!before) return pass_on(std::move(before));
  const auto now = read_mark(before->back());
  if (now.what != found.what || now.owner != found.owner) return overtaken();
  out.clear();
  out.add("MULTI").add("DEL", names.mark(), names.state());
  put_mark(out, names, owner);
  if (owner.role == store_role::secondary) {
    put_state(out, names, {});
    put_witness(out, names, seen);
  } else if (found.what == place::kind::empty) {
    put_meta(out, names, first_meta(owner, first_epoch));
  } else {
    out.add("HSET", names.meta(), "log_id", owner.log_id);
  }
  out.add("EXEC");
  auto done = server.exchange(out);
  if (!done) return pass_on(std::move(done));
  for (const auto& each : *done) {
    if (each.failed()) return std::unexpected(to_error(each));
  }
  if (done->back().what == reply::kind::nil) return overtaken();
  return {};
}

}  // namespace keelson::backends::redis
