#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

/// What a service is started with. Plain values, complete and checked, and never changed after
/// loading; main.cpp makes each component's options out of them. Sizes are in bytes. Defaults
/// stand in setting_table.cpp and nowhere else.
namespace keelson::config {

/// Where the service listens.
struct listen_settings {
  std::string address;     ///< IPv4 or IPv6, a number, without brackets
  std::uint16_t port = 0;  ///< 0: any free one
};

struct primary_settings {
  std::string url;
  bool allow_volatile = false;  ///< G1 is not promised then
};

struct secondary_settings {
  std::string name;  ///< [a-z][a-z0-9_-]{0,62}, not `primary`
  std::string url;
  std::vector<std::string> collections;  ///< patterns with * and ?; none: all collections
  bool check_reads = true;               ///< `validate.reads`
  bool operator==(const secondary_settings&) const = default;
};

struct http_settings {
  std::vector<std::string> origins;  ///< scheme://host[:port], in lower case
  std::vector<std::string> hosts;    ///< names without port, in lower case
  std::uint64_t threads = 0;
};

enum class token_scope : std::uint8_t { read, write, admin };
struct token_settings {
  std::string name;  ///< [a-z][a-z0-9_-]{0,62}
  token_scope scope = token_scope::read;
  std::string secret;  ///< never shown
};
struct auth_settings {
  std::vector<token_settings> tokens;
};

/// PEM files; both or none.
struct tls_settings {
  std::string certificate;
  std::string key;
};

/// What a client may send and keep busy.
struct limit_settings {
  std::uint64_t key = 0;
  std::uint64_t value = 0;
  std::uint64_t json_depth = 0;
  std::uint64_t head = 0;
  std::chrono::milliseconds head_time{};
  std::chrono::milliseconds body_idle{};
  std::chrono::milliseconds keep_alive{};
  std::uint64_t batch_operations = 0;
  std::uint64_t batch = 0;
  std::uint64_t page = 0;
  std::uint64_t in_flight_per_connection = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t subscriptions = 0;  ///< a connection
  std::uint64_t frame = 0;          ///< inbound, of a WebSocket
};

/// What may wait for the writer.
struct writer_settings {
  std::uint64_t queue_commits = 0;
  std::uint64_t queue_bytes = 0;
};

/// How long answers are kept for idempotency keys: until either is passed.
struct idempotency_settings {
  std::chrono::milliseconds age{};
  std::uint64_t records = 0;
};

/// How much of the log is kept: the more of the first two, but never more than the third.
struct retention_settings {
  std::chrono::milliseconds age{};
  std::uint64_t changes = 0;
  std::uint64_t bytes = 0;
};

struct validator_settings {
  std::uint64_t checks_per_second = 0;
  std::chrono::milliseconds pending_grace{};
};

struct feed_settings {
  std::uint64_t ring = 0;
};

enum class log_level : std::uint8_t { debug, info, warning, error };
enum class log_format : std::uint8_t { text, json };
struct log_settings {
  log_level level = log_level::info;
  log_format format = log_format::text;
  std::chrono::milliseconds slow_request{};  ///< 0: none is
};

/// What an operator asks for at one start; flags only, since no later start may repeat it.
struct start_settings {
  std::vector<std::string> adopt;  ///< stores to take over: `primary` or secondaries' names
  bool new_log = false;
  bool new_epoch = false;
};

/// Where the stores are that nothing else names: profile.hpp.
enum class store_profile : std::uint8_t { none, local, remote, hybrid, automatic };

struct settings {
  store_profile profile = store_profile::none;  ///< in force, so never automatic
  std::string data;                             ///< the data folder
  listen_settings listen;
  bool insecure_listen = false;
  primary_settings primary;
  std::vector<secondary_settings> secondaries;
  http_settings http;
  auth_settings auth;
  tls_settings tls;
  limit_settings limits;
  writer_settings writer;
  idempotency_settings idempotency;
  retention_settings retention;
  validator_settings validator;
  feed_settings feed;
  log_settings log;
  start_settings start;
};

}  // namespace keelson::config
