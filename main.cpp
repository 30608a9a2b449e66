// The wiring diagram: each part is built once, in order, with a line on why it comes where it does.

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <random>
#include <thread>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scoped_actor.hpp>
#include <spdlog/spdlog.h>

#include "actors/system/assembly.hpp"
#include "actors/system/end_watch.hpp"
#include "actors/system/observatory.hpp"
#include "actors/system/process_limits.hpp"
#include "backends/data_folder/data_folder.hpp"
#include "backends/registry.hpp"
#include "config/commands.hpp"
#include "config/units.hpp"
#include "metrics/logging.hpp"
#include "protocols/http/server.hpp"
#include "protocols/http/tls_keys.hpp"
#include "protocols/model/log_text.hpp"

namespace {

using namespace keelson;
using namespace std::chrono_literals;

constexpr auto first_primary_wait = 10s;
constexpr auto first_secondaries_wait = 5s;
constexpr auto drain_patience = 2s;
// The phases of a stop end by their own deadlines; the patience is for what they do not see, and
// service managers that kill after 10 s come too late.
constexpr auto stop_patience = 9500ms;
static_assert(drain_patience + http::cut_time + system::stop_budget::all < stop_patience);

struct actor_settings : caf::actor_system_config {
  actor_settings() {
    // Idle workers that steal poll for work. By tests/bench the shared queue was faster for GET and
    // for PUT on RocksDB, and slightly slower for PUT on SQLite.
    set("scheduler.policy", caf::atom("sharing"));
    // A busy actor gives its thread back after this many messages.
    set("scheduler.max-throughput", std::size_t{300});
    // Stores and connections have threads of their own, and an actor that wakes another one wakes
    // no thread if it shares its own: with two cores, one is enough and faster.
    set("scheduler.max-threads", std::max(1U, std::thread::hardware_concurrency() / 2));
  }
};

std::function<std::uint64_t()> random_numbers() {
  auto source = std::make_shared<std::mt19937_64>(std::random_device{}());
  return [source] { return (*source)(); };
}

bool is_adopted(const config::settings& s, std::string_view name) {
  return std::ranges::find(s.start.adopt, name) != s.start.adopt.end();
}

backends::foreign_policy policy_for(const config::settings& s, std::string_view name) {
  return is_adopted(s, name) ? backends::foreign_policy::adopt : backends::foreign_policy::refuse;
}

store::primary_options primary_options(const config::settings& s, system::observatory& observed,
                                       std::shared_ptr<const backends::data_folder> folder) {
  store::primary_options out;
  out.location = {s.primary.url, folder->path()};
  out.folder = std::move(folder);
  if (s.start.new_log) out.choice = store::log_choice::new_log;
  if (s.start.new_epoch) out.choice = store::log_choice::new_epoch;
  if (s.primary.allow_volatile) out.volatility = store::volatile_policy::allow;
  out.foreign = policy_for(s, actors::primary_name);
  out.queue.commits = s.writer.queue_commits;
  out.queue.bytes = s.writer.queue_bytes;
  out.planner.answers = s.idempotency.records;
  out.planner.answer_age_microseconds = std::chrono::microseconds(s.idempotency.age).count();
  out.planner.value_bytes = s.limits.value;
  out.retention = {.age_microseconds = std::chrono::microseconds(s.retention.age).count(),
                   .changes = s.retention.changes,
                   .bytes = s.retention.bytes};
  out.now = system_wall_clock();
  out.ages = ageing_clock(system_wall_clock(), steady_elapsed_time());
  out.random = random_numbers();
  out.metrics = &observed.registry();
  out.restarts = observed.restarts("writer");
  out.decorate = observed.primary_decoration();
  return out;
}

replicator::replicator_options replicator_options(const config::settings& s,
                                                  system::observatory& observed,
                                                  const config::secondary_settings& secondary,
                                                  const backends::engine* engine) {
  replicator::replicator_options out;
  out.worker.name = secondary.name;
  out.worker.location = {secondary.url, s.data};
  out.worker.engine = engine;
  out.worker.foreign = policy_for(s, secondary.name);
  out.worker.collections = secondary.collections;
  if (const auto rows = engine->abilities.apply_rows; rows > 0) {
    out.worker.batch.records = out.core.batch.records = rows;
  }
  out.worker.decorate = observed.secondary_decoration(secondary.name);
  out.observe = observed.secondary_observer(secondary.name);
  out.restarts = observed.restarts("replicator");
  out.shown_url = backends::without_secrets(secondary.url);
  out.now = system_wall_clock();
  return out;
}

result<system::assembly_options> assembly_options(
    const config::settings& s, system::observatory& observed,
    std::shared_ptr<const backends::data_folder> folder) {
  system::assembly_options out;
  out.primary = primary_options(s, observed, std::move(folder));
  out.reader_restarts = observed.restarts("reader");
  out.ring_bytes = s.feed.ring;
  out.validator.checks_per_second = static_cast<double>(s.validator.checks_per_second);
  out.validator.metrics = &observed.registry();
  out.validator.restarts = observed.restarts("validator");
  out.validator.pending_grace = s.validator.pending_grace;
  for (const auto& secondary : s.secondaries) {
    const auto engine = backends::engine_for(secondary.url);
    if (!engine) return std::unexpected(engine.error());
    out.secondaries.push_back(replicator_options(s, observed, secondary, *engine));
    out.validator.secondaries.push_back({.name = secondary.name,
                                         .collections = secondary.collections,
                                         .reads = secondary.check_reads
                                                      ? validator::read_checks::on
                                                      : validator::read_checks::off});
  }
  return out;
}

std::vector<http::access_token> tokens_of(const config::settings& s) {
  std::vector<http::access_token> out;
  for (const auto& each : s.auth.tokens) {
    const auto scope = each.scope == config::token_scope::read    ? http::scope::read
                       : each.scope == config::token_scope::write ? http::scope::write
                                                                  : http::scope::admin;
    out.push_back({each.name, scope, hash_value(each.secret)});
  }
  return out;
}

http::server_options server_options(const config::settings& s, system::observatory& observed,
                                    std::shared_ptr<feed::feed_ring> ring) {
  http::server_options out;
  out.address = s.listen.address;
  out.io_threads = s.http.threads;
  out.requests_in_flight = s.limits.in_flight;
  out.host_names = s.http.hosts;
  out.allowed_origins = s.http.origins;
  out.tokens = tokens_of(s);
  out.slow_request = s.log.slow_request;
  out.connection.head_bytes = s.limits.head;
  out.connection.head_time = s.limits.head_time;
  out.connection.body_idle = s.limits.body_idle;
  out.connection.keep_alive = s.limits.keep_alive;
  out.connection.subscriptions = s.limits.subscriptions;
  out.connection.inbound_frame_bytes = s.limits.frame;
  out.connection.requests_in_flight = s.limits.in_flight_per_connection;
  out.content = {.key = s.limits.key,
                 .value = s.limits.value,
                 .json_depth = s.limits.json_depth,
                 .batch = s.limits.batch,
                 .operations = s.limits.batch_operations,
                 .page = s.limits.page};
  out.gateway.checks_per_second = s.validator.checks_per_second;
  out.version = KEELSON_VERSION;
  out.registry = &observed.registry();
  out.metrics_text = [&observed, ring = std::move(ring)] { return observed.expose(*ring); };
  return out;
}

bridge::services services_of(const system::assembly& parts) {
  bridge::services out{
      .writer = caf::actor_cast<messages::writer>(parts.writer),
      .primary = caf::actor_cast<messages::reader>(parts.reader),
      .primary_reporter = caf::actor_cast<messages::primary_reporter>(parts.writer),
      .feed = caf::actor_cast<messages::feed>(parts.feed),
      .validator = caf::actor_cast<messages::validator>(parts.validator)};
  out.ring = parts.ring;
  for (const auto& secondary : parts.secondaries) {
    out.secondaries.push_back(
        {.name = secondary.name,
         .reader = caf::actor_cast<messages::reader>(secondary.reader),
         .reporter = caf::actor_cast<messages::secondary_reporter>(secondary.replicator),
         .verbs = caf::actor_cast<messages::secondary_operator>(secondary.replicator)});
  }
  return out;
}

/// Opens the primary; false: not yet. A store that is down or hangs is a state of the service, not
/// the end of it; what needs a person (another log's folder, somebody else's database) is.
result<bool> open_primary(caf::actor_system& actors, const system::assembly& parts) {
  caf::scoped_actor self(actors);
  error problem{.code = errc::unavailable};
  bool open = false;
  self->request(parts.writer, first_primary_wait, messages::start_atom::value)
      .receive(
          [&](messages::answer<log_point>& first_try) {
            open = static_cast<bool>(first_try);
            problem = std::move(first_try.problem);
          },
          [&](const caf::error&) {});
  const bool wait_for_it = problem.code == errc::store_io || problem.code == errc::unavailable ||
                           problem.code == errc::storage_full ||
                           problem.code == errc::store_corrupt;
  if (!open && !wait_for_it) return std::unexpected(std::move(problem));
  return open;
}

/// Lets each secondary be reached, or not, before anything is served: one of them may know that
/// history was lost.
void wait_for_secondaries(caf::actor_system& actors, const system::assembly& parts) {
  caf::scoped_actor self(actors);
  const auto until = std::chrono::steady_clock::now() + first_secondaries_wait;
  for (const auto& secondary : parts.secondaries) {
    bool starting = true;
    while (starting && std::chrono::steady_clock::now() < until) {
      self->request(secondary.replicator, 1s, messages::status_atom::value)
          .receive(
              [&](const messages::secondary_status& status) {
                starting = status.state == messages::component_state::starting;
              },
              [&](const caf::error&) {});
      if (starting) std::this_thread::sleep_for(2ms);
    }
  }
}

/// One line of what is in force: what matters always, and else what is not as it is by default.
void log_start(const config::loaded& in_force, std::uint64_t descriptors) {
  constexpr std::array always{"data", "listen", "primary.url", "secondaries"};
  std::string text;
  for (const auto& each : in_force.report) {
    const bool said = std::ranges::find(always, each.name) != always.end();
    if (said || each.from != "default") text += " " + each.name + "=" + log_quoted(each.value);
  }
  const auto& s = in_force.values;
  spdlog::info("component=system event=starting version={} tokens={} tls={} descriptors={}{}",
               KEELSON_VERSION, s.auth.tokens.size(), s.tls.certificate.empty() ? "off" : "on",
               descriptors, text);
}

/// The keys that a reloaded service goes on with.
result<bridge::client_stream::tls_keys> keys_after(const config::settings& before,
                                                   const config::settings& now) {
  if (before.tls.certificate.empty() != now.tls.certificate.empty())
    return fail(errc::invalid_parameter, "TLS is begun and ended by a start");
  return http::read_tls_keys({now.tls.certificate, now.tls.key});
}

void log_not_reloaded(std::string_view where, std::string_view why) {
  spdlog::error("component=system event=reload_failed where={} reason={}", log_quoted(where),
                log_quoted(why));
}

/// SIGHUP: what can change without a start does, what cannot is said. All of it or nothing.
void reload(const config::loaded& started_with, const config::load_function& again,
            http::server& front) {
  const auto now = again();
  if (!now) {
    for (const auto& [where, what] : now.error()) log_not_reloaded(where, what);
    return;
  }
  const auto& first = started_with.values;
  if (now->values.auth.tokens.empty() && !first.auth.tokens.empty()) {
    return log_not_reloaded("auth.tokens",
                            "none is left, and everybody might do everything; if that is meant, "
                            "start the service without tokens");
  }
  const auto keys = keys_after(first, now->values);
  if (!keys) return log_not_reloaded("tls", keys.error().detail);
  front.set_tls_keys(*keys);
  front.set_tokens(tokens_of(now->values));
  metrics::set_log_level(static_cast<metrics::log_level>(now->values.log.level));
  for (const auto& each : config::differing(started_with, *now)) {
    spdlog::info("component=system event={} setting={} value={}",
                 each.at_run_time ? "setting_changed" : "setting_changes_at_next_start", each.name,
                 log_quoted(each.value));
  }
  spdlog::info("component=system event=reloaded tokens={} tls={}", now->values.auth.tokens.size(),
               *keys ? "on" : "off");
}

/// No more clients than there are descriptors for; how many that are.
std::size_t limit_connections(http::server_options& front, std::uint64_t descriptors) {
  auto& most = front.connection.connections;
  const auto wanted = most;
  most = std::min(most, system::connections_within(descriptors));
  if (most == wanted) return most;
  spdlog::warn(
      "component=http event=few_descriptors descriptors={} connections={} wanted={} "
      "reason=\"the hard limit of open files (ulimit -Hn, LimitNOFILE=) is low\"",
      descriptors, most, wanted);
  return most;
}

int report_failure(const error& problem) {
  spdlog::error("component=system event=start_failed code={} reason={}", to_string(problem.code),
                log_quoted(problem.detail));
  return EXIT_FAILURE;
}

int serve(const config::loaded& in_force, const config::load_function& again) {
  const config::settings& s = in_force.values;
  metrics::start_logging(static_cast<metrics::log_level>(s.log.level),
                         static_cast<metrics::log_format>(s.log.format));
  system::let_threads_finish();
  // Before any thread exists, so that none takes them but who waits for them.
  system::block_signals();
  // Outlives the actors, whose end may have to wait for one of them.
  auto watchdog = system::end_at_signal("a signal before anything was served");

  const auto descriptors = system::raise_descriptor_limit();
  log_start(in_force, descriptors);

  // First what may be refused without a trace.
  const auto address = http::bound_address::take(s.listen.address, s.listen.port);
  if (!address) return report_failure(address.error());
  auto keys = http::read_tls_keys({s.tls.certificate, s.tls.key});
  if (!keys) return report_failure(keys.error());
  // Then the folder's lock: nothing else may touch the stores in it.
  auto folder = backends::data_folder::open(s.data);
  if (!folder) return report_failure(folder.error());
  auto shared_folder = std::make_shared<const backends::data_folder>(*std::move(folder));
  system::observatory observed(KEELSON_VERSION);
  auto options = assembly_options(s, observed, shared_folder);
  if (!options) return report_failure(options.error());

  // Actors outlive the front, which asks them until its end.
  actor_settings with;
  caf::actor_system actors(with);
  auto parts = system::assemble(actors, *std::move(options));
  const auto stop_actors = [&] {
    const auto phases = system::stop_order(parts);
    parts = {};
    const bool clean = system::stop_in_phases(actors, phases).empty();
    // The actors' end would wait for one that hangs in a call of a store.
    if (!clean) system::end_at_once("what hangs is left behind");
  };
  const auto give_up = [&](const error& problem) {
    watchdog = system::end_at_second_signal(stop_patience);
    report_failure(problem);
    stop_actors();
    return EXIT_FAILURE;
  };
  const auto open = open_primary(actors, parts);
  if (!open) return give_up(open.error());
  if (*open) wait_for_secondaries(actors, parts);
  watchdog = {};

  // The front comes last: who can connect is served.
  auto front_options = server_options(s, observed, parts.ring);
  front_options.tls = *std::move(keys);
  const auto connections = limit_connections(front_options, descriptors);
  http::server front(std::move(front_options), actors, services_of(parts));
  const auto port = front.start(**address);
  if (!port) return give_up(port.error());
  spdlog::info("component=http event=listening address={} port={} tls={} connections={}",
               s.listen.address, *port, s.tls.certificate.empty() ? "off" : "on", connections);

  int received = system::wait_for_signal();
  for (; received == SIGHUP; received = system::wait_for_signal()) reload(in_force, again, front);
  spdlog::info("component=system event=stopping signal={}", received);
  watchdog = system::end_at_second_signal(stop_patience);
  // Refuse and drain, tell subscribers; then the actors in their order.
  front.drain(drain_patience);
  front.stop();
  stop_actors();
  spdlog::info("component=system event=stopped clean=true");
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  return keelson::config::run_command_line(argc, argv, serve);
}
