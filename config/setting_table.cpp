#include "config/setting_table.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "config/setting_kinds.hpp"

namespace keelson::config {

namespace {

constexpr std::uint64_t kib = std::uint64_t{1} << 10;
constexpr std::uint64_t mib = std::uint64_t{1} << 20;
constexpr std::uint64_t tib = std::uint64_t{1} << 40;
constexpr std::uint64_t billion = 1'000'000'000;
constexpr std::uint64_t second = 1000;
constexpr std::uint64_t hour = 3600 * second;
constexpr std::uint64_t decade = hour * 24 * 3650;

constexpr std::string_view places = "Stores and places";
constexpr std::string_view front = "HTTP";
constexpr std::string_view limits = "Limits of what clients may send";
constexpr std::string_view queues = "Queues and what is kept";
constexpr std::string_view watching = "Comparison and log";
constexpr std::string_view once = "For one start only";

#define KEELSON_FIELD(path) \
  [](auto& of) -> auto& {   \
    return of.path;         \
  }

constexpr auto table = std::to_array<setting>({
    text<KEELSON_FIELD(data), parse_path>({"data", places, "DIR", "./keelson-data",
                                           "data folder; relative paths of stores lie in it"}),
    text<KEELSON_FIELD(profile), parse_profile>(
        {"profile", places, "PROFILE", "none",
         "stores that nothing else names: local (in the data folder), remote (DATABASE_URL, "
         "REDIS_URL, MONGODB_URL), hybrid (both) or auto"}),
    {"primary.url", places, "URL", "sqlite:primary.db",
     "the authoritative store; forms: keelson backends", shape::one, reach::everywhere, "--primary",
     store_primary, show_primary},
    toggle<KEELSON_FIELD(primary.allow_volatile)>(
        {"primary.allow_volatile", places, "", "no",
         "take a primary that forgets what it acknowledged when the power fails"}),
    {"secondaries", places, "NAME=URL", "kv=rocksdb:kv",
     "stores kept equal to the primary; naming one replaces the default", shape::list,
     reach::everywhere, "--secondary", store_secondaries, show_secondaries},

    {"listen", front, "ADDR:PORT", "127.0.0.1:8470", "address to listen on; port 0: any free one",
     shape::one, reach::everywhere, "", store_listen, show_listen},
    toggle<KEELSON_FIELD(insecure_listen)>(
        {"insecure_listen", front, "", "no",
         "listen beyond loopback although every caller may then read and write"}),
    list<KEELSON_FIELD(http.origins), parse_origin>(
        {"http.origins", front, "ORIGIN", "none",
         "web pages that may use the service, such as https://app.example.org"}),
    list<KEELSON_FIELD(http.hosts), parse_host>(
        {"http.hosts", front, "HOST", "none",
         "names that callers may use for the service besides its address"}),
    number<KEELSON_FIELD(http.threads), bounds{1, 64}>(
        {"http.threads", front, "COUNT", "1", "threads that serve connections"}),

    {"auth.tokens", front, "NAME:SCOPE:SECRET", "none",
     "bearer tokens; SCOPE: read, write or admin; @FILE as SECRET reads it from a file",
     shape::list, reach::everywhere, "", store_tokens, show_tokens, true},

    at_run_time(text<KEELSON_FIELD(tls.certificate), parse_file_or_none>(
        {"tls.certificate", front, "FILE", "none",
         "serve over TLS: PEM file of the certificate and of those that vouch for it"})),
    at_run_time(text<KEELSON_FIELD(tls.key), parse_file_or_none>(
        {"tls.key", front, "FILE", "none", "PEM file of the certificate's private key"})),

    // Keys have to fit an index of every kind of store.
    size<KEELSON_FIELD(limits.key), bounds{1, 2 * kib}>(
        {"limits.key", limits, "SIZE", "512", "key of a document"}),
    size<KEELSON_FIELD(limits.value), bounds{1, 64 * mib}>(
        {"limits.value", limits, "SIZE", "1MiB", "value of a document"}),
    number<KEELSON_FIELD(limits.json_depth), bounds{1, 1000}>(
        {"limits.json_depth", limits, "COUNT", "64", "JSON values within one another"}),
    size<KEELSON_FIELD(limits.head), bounds{kib, mib}>(
        {"limits.head", limits, "SIZE", "16KiB", "head of a request"}),
    time<KEELSON_FIELD(limits.head_time), bounds{100, hour}>(
        {"limits.head_time", limits, "TIME", "10s", "time for a request's head to come in"}),
    time<KEELSON_FIELD(limits.body_idle), bounds{100, hour}>(
        {"limits.body_idle", limits, "TIME", "30s", "time without a byte of a body"}),
    time<KEELSON_FIELD(limits.keep_alive), bounds{100, 24 * hour}>(
        {"limits.keep_alive", limits, "TIME", "1m", "time between two requests of a connection"}),
    number<KEELSON_FIELD(limits.batch_operations), bounds{1, 100'000}>(
        {"limits.batch_operations", limits, "COUNT", "1000", "operations in a batch"}),
    size<KEELSON_FIELD(limits.batch), bounds{kib, 256 * mib}>(
        {"limits.batch", limits, "SIZE", "8MiB", "body of a batch"}),
    number<KEELSON_FIELD(limits.page), bounds{1, 100'000}>(
        {"limits.page", limits, "COUNT", "1000", "items in a page"}),
    number<KEELSON_FIELD(limits.in_flight_per_connection), bounds{1, 10'000}>(
        {"limits.in_flight_per_connection", limits, "COUNT", "64",
         "requests of a WebSocket whose answers it has not taken; others are served in turn"}),
    number<KEELSON_FIELD(limits.in_flight), bounds{1, 1'000'000}>(
        {"limits.in_flight", limits, "COUNT", "4096", "requests in flight in all"}),
    number<KEELSON_FIELD(limits.subscriptions), bounds{1, 100'000}>(
        {"limits.subscriptions", limits, "COUNT", "1024", "subscriptions of a connection"}),
    size<KEELSON_FIELD(limits.frame), bounds{kib, 16 * mib}>(
        {"limits.frame", limits, "SIZE", "64KiB", "WebSocket frame from a client"}),

    number<KEELSON_FIELD(writer.queue_commits), bounds{1, 1'000'000}>(
        {"writer.queue_commits", queues, "COUNT", "8192", "commits that wait for the writer"}),
    size<KEELSON_FIELD(writer.queue_bytes), bounds{mib, tib}>(
        {"writer.queue_bytes", queues, "SIZE", "64MiB", "what these commits hold in memory"}),
    time<KEELSON_FIELD(idempotency.age), bounds{second, decade}>(
        {"idempotency.age", queues, "TIME", "1d", "answers are kept for idempotency keys so long"}),
    number<KEELSON_FIELD(idempotency.records), bounds{1, billion}>(
        {"idempotency.records", queues, "COUNT", "1000000", "and at most so many"}),
    time<KEELSON_FIELD(retention.age), bounds{0, decade}>(
        {"retention.age", queues, "TIME", "7d", "the log keeps changes at least so long"}),
    number<KEELSON_FIELD(retention.changes), bounds{0, 1000 * billion}>(
        {"retention.changes", queues, "COUNT", "1000000", "and at least so many"}),
    size<KEELSON_FIELD(retention.bytes), bounds{mib, 1024 * tib}>(
        {"retention.bytes", queues, "SIZE", "16GiB", "but never more than this"}),
    size<KEELSON_FIELD(feed.ring), bounds{mib, tib}>(
        {"feed.ring", queues, "SIZE", "64MiB", "newest changes held in memory for subscribers"}),

    number<KEELSON_FIELD(validator.checks_per_second), bounds{0, 1'000'000}>(
        {"validator.checks_per_second", watching, "COUNT", "2000",
         "documents compared after they were read; 0: none"}),
    time<KEELSON_FIELD(validator.pending_grace), bounds{0, 24 * hour}>(
        {"validator.pending_grace", watching, "TIME", "30s",
         "how long a full comparison waits for secondaries that lag"}),
    at_run_time(text<KEELSON_FIELD(log.level), parse_log_level>(
        {"log.level", watching, "LEVEL", "info", "debug, info, warning or error"})),
    time<KEELSON_FIELD(log.slow_request), bounds{0, hour}>(
        {"log.slow_request", watching, "TIME", "1s",
         "a request that took longer gets a line in the log; 0: none"}),
    text<KEELSON_FIELD(log.format), parse_log_format>(
        {"log.format", watching, "FORM", "text", "text (key=value) or json"}),

    only_once(list<KEELSON_FIELD(start.adopt), parse_store_name>(
        {"adopt", once, "NAME", "none",
         "take over a store that is not ours: primary, or a secondary's name"})),
    only_once(toggle<KEELSON_FIELD(start.new_log)>(
        {"new_log", once, "", "no", "the data folder turns to another primary"})),
    only_once(toggle<KEELSON_FIELD(start.new_epoch)>(
        {"new_epoch", once, "", "no", "a backup was restored: begin a new history"})),
});

#undef KEELSON_FIELD

}  // namespace

std::span<const setting> setting_table() {
  return table;
}

std::string flag_of(const setting& which) {
  std::string flag = "--" + std::string(which.name);
  std::ranges::replace_if(
      flag, [](char c) { return c == '.' || c == '_'; }, '-');
  return flag;
}

std::string variable_of(const setting& which) {
  std::string variable = "KEELSON_" + std::string(which.name);
  std::ranges::transform(variable, variable.begin(), [](char c) {
    if (c == '.') return '_';
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return variable;
}

settings default_settings() {
  settings made;
  for (const setting& each : table) {
    const std::array<std::string, 1> item{std::string(each.fallback)};
    const bool nothing = each.form == shape::list && each.fallback == "none";
    const std::span<const std::string> items(item.data(), nothing ? 0 : 1);
    if (const auto stored = each.store(made, items); !stored) {
      throw std::logic_error(std::string(each.name) + ": " + stored.error().detail);
    }
  }
  return made;
}

}  // namespace keelson::config
