#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/client/console.hpp"

/// The commands that talk to a running service. They read no flag, file of settings or
/// environment: config/client_commands fills the options.
namespace keelson::client {

/// What the shell gets.
enum class exit_status : int {
  done = 0,
  refused = 1,  ///< also: not found, different, some lines failed
  usage = 2,
  unreachable = 3,
  // Cut off by the user or the machine, with the same command going on from there: as a shell says
  // of whoever ends by SIGINT and SIGTERM.
  interrupted = 130,
  terminated = 143,
};

enum class output_form {
  text,  ///< tab-separated, for people and cut(1)
  json,  ///< one JSON text a line
};

struct service_options {
  std::string url = "http://127.0.0.1:8470";
  std::string token;  ///< empty: none is sent
  output_form form = output_form::text;
};

/// How long a command goes on trying without progress before it gives up.
inline constexpr std::chrono::seconds default_retry_for{300};

struct put_options {
  service_options service;
  std::string collection;
  std::string key;
  std::string value = "-";     ///< JSON text; "-": standard input; "@file": a file's content
  std::string if_match;        ///< version; empty: no precondition
  bool if_none_match = false;  ///< only create
};

struct get_options {
  service_options service;
  std::string collection;
  std::string key;
  std::string store;   ///< empty: the primary
  std::string verify;  ///< off, async or wait; empty: as the service does by default
};

struct remove_options {
  service_options service;
  std::string collection;
  std::string key;
  std::string if_match;
};

struct list_options {
  service_options service;
  std::string collection;
  std::string prefix;
  std::string after;
  std::string store;
  std::optional<std::uint64_t> limit;  ///< none: to the end
  bool reverse = false;
  bool keys_only = false;
};

struct load_options {
  service_options service;
  std::string collection;
  std::string file;       ///< "-": standard input; gzip is told by its first bytes
  std::string key_field;  ///< empty: lines are {"key":…,"value":…}
  std::chrono::seconds retry_for = default_retry_for;
  std::uint32_t connections = 4;  ///< pieces in flight
};

/// A line of a dump.
enum class dump_form {
  documents,  ///< {"key":…,"value":…}, as load takes them
  values,     ///< the value alone, as load --key takes them
};

struct dump_options {
  service_options service;
  std::string collection;
  std::string file = "-";  ///< "-": standard output; packed if it ends in .gz
  std::string prefix;
  std::string store;
  dump_form form = dump_form::documents;
  std::chrono::seconds retry_for = default_retry_for;
};

struct import_options {
  service_options service;
  std::string source;  ///< URL of a store of somebody else's, or ndjson:FILE
  std::string from;    ///< the table, collection or pattern of keys in it
  std::string collection;
  std::string key_field;
  std::chrono::seconds retry_for = default_retry_for;
};

struct watch_options {
  service_options service;
  std::vector<std::string> collections;  ///< empty: all
  std::string prefix;
  std::string since;  ///< a position, "now" or "start"; empty: now
  bool snapshot = false;
  std::optional<std::uint64_t> count;  ///< stop after so many changes
  std::chrono::seconds retry_for = default_retry_for;
};

struct operator_options {
  service_options service;
  std::string verb;  ///< pause, resume or rebuild
  std::string name;
  bool confirm = false;  ///< rebuild also what would destroy much
};

struct verify_options {
  service_options service;
  std::string secondary;   ///< empty: all
  std::string collection;  ///< empty: all
};

[[nodiscard]] exit_status run_put(const put_options& options, console& io);
[[nodiscard]] exit_status run_get(const get_options& options, console& io);
[[nodiscard]] exit_status run_remove(const remove_options& options, console& io);
[[nodiscard]] exit_status run_list(const list_options& options, console& io);
[[nodiscard]] exit_status run_status(const service_options& options, console& io);

/// Pauses, resumes or rebuilds a secondary, and prints its state.
[[nodiscard]] exit_status run_operator(const operator_options& options, console& io);

/// Compares everything now and waits for the result: `done` only when the pass ends as `equal`.
[[nodiscard]] exit_status run_verify(const verify_options& options, console& io);

/// Prints changes as they come, a commit at a time, until a signal, `count` or lost history.
/// Goes on from the last position it got when the connection breaks.
[[nodiscard]] exit_status run_watch(const watch_options& options, console& io);

/// Loads a file in pieces, each a batch under its own idempotency key. What is done is kept beside
/// the file, so that the same command goes on where one that was killed had come to.
[[nodiscard]] exit_status run_load(const load_options& options, console& io);

/// Copies rows of somebody else's store into a collection, then reads them again and compares.
/// `done` only when every row is there and equal. What is done is kept, so that the same command
/// goes on where one that was cut off had come to.
[[nodiscard]] exit_status run_import(const import_options& options, console& io);

/// Writes a collection to a file, a line a document in the order of their keys; goes on where a
/// dump to the same file was cut off. What is written meanwhile may be in it or not: all of it is
/// as of some position between the two that are printed.
[[nodiscard]] exit_status run_dump(const dump_options& options, console& io);

}  // namespace keelson::client
