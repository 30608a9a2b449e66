#include "config/client_commands.hpp"

#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "config/terminal.hpp"
#include "config/tokens.hpp"
#include "protocols/client/commands.hpp"

namespace keelson::config {

namespace {

using client::console;
using client::exit_status;

/// A command, its options and what runs it: the options live as long as the command.
template <class Options>
class command {
 public:
  using run_function = exit_status (*)(const Options&, console&);

  command(CLI::App& app, const char* name, const char* help, run_function run, int& status)
      : app_(*app.add_subcommand(name, help)), options_(std::make_shared<Options>()) {
    app_.callback([options = options_, run, &status] {
      // Whoever reads what is written has enough when it closes the pipe, whatever a parent of
      // this process made of the signal.
      std::signal(SIGPIPE, SIG_DFL);
      auto io = standard_console();
      status = static_cast<int>(run_with_token(*options, run, io));
    });
    add_service_flags(service_of(*options_));
  }

  [[nodiscard]] CLI::App& app() { return app_; }
  [[nodiscard]] Options& options() { return *options_; }

  command& collection() {
    app_.add_option("collection", options_->collection, "Name of the collection")->required();
    return *this;
  }

  command& key() {
    app_.add_option("key", options_->key, "Key of the document")->required();
    return *this;
  }

  command& retry_for() {
    app_.add_option_function<std::int64_t>(
            "--retry-for",
            [options = options_](std::int64_t seconds) {
              options->retry_for = std::chrono::seconds(seconds);
            },
            "Give up after so many seconds without progress")
        ->check(CLI::NonNegativeNumber)
        ->default_str(std::to_string(options_->retry_for.count()));
    return *this;
  }

 private:
  static exit_status run_with_token(Options& options, run_function run, console& io) {
    const auto token = token_text(service_of(options).token);
    if (!token) return report_usage(io, token.error());
    service_of(options).token = *token;
    return run(options, io);
  }

  static client::service_options& service_of(client::service_options& options) { return options; }
  template <class Other>
  static client::service_options& service_of(Other& options) {
    return options.service;
  }

  void add_service_flags(client::service_options& service) {
    app_.add_option("--url", service.url, "Address of the service; https checks its certificate")
        ->envname("KEELSON_URL")
        ->capture_default_str();
    app_.add_option("--token", service.token, "Bearer token, or @FILE that holds it")
        ->envname("KEELSON_TOKEN");
    app_.add_flag_callback(
        "--json", [&service] { service.form = client::output_form::json; },
        "Print JSON, one text a line");
  }

  CLI::App& app_;
  std::shared_ptr<Options> options_;
};

void add_documents(CLI::App& app, int& status) {
  command<client::put_options> put(app, "put", "Write a document", client::run_put, status);
  put.collection().key();
  put.app()
      .add_option("value", put.options().value, "JSON text, @FILE, or - for standard input")
      ->capture_default_str();
  auto* const match =
      put.app()
          .add_option("--if-match", put.options().if_match, "Only replace this version")
          ->check(CLI::NonNegativeNumber);
  put.app()
      .add_flag("--if-none-match", put.options().if_none_match, "Only create")
      ->excludes(match);

  command<client::get_options> get(app, "get", "Print a document", client::run_get, status);
  get.collection().key();
  get.app().add_option("--store", get.options().store, "Read this secondary");
  get.app()
      .add_option("--verify", get.options().verify,
                  "Compare with the secondaries: off, async, or wait for the result")
      ->check(CLI::IsMember({"off", "async", "wait"}));

  command<client::remove_options> remove(app, "delete", "Delete a document", client::run_remove,
                                         status);
  remove.collection().key();
  remove.app()
      .add_option("--if-match", remove.options().if_match, "Only delete this version")
      ->check(CLI::NonNegativeNumber);
}

void add_list(CLI::App& app, int& status) {
  command<client::list_options> list(app, "list", "Print the documents of a collection",
                                     client::run_list, status);
  list.collection();
  auto& options = list.options();
  list.app().add_option("--prefix", options.prefix, "Only keys that begin so");
  list.app().add_option("--after", options.after, "Only keys behind this one");
  list.app()
      .add_option("--limit", options.limit, "At most so many documents")
      ->check(CLI::NonNegativeNumber);
  list.app().add_option("--store", options.store, "Read this secondary");
  list.app().add_flag("--reverse", options.reverse, "From the last key to the first");
  list.app().add_flag("--keys", options.keys_only, "Without the values");
}

void add_load(CLI::App& app, int& status) {
  command<client::load_options> load(
      app, "load", "Write a file of JSON lines, also packed by gzip; goes on where it was cut off",
      client::run_load, status);
  load.collection();
  auto& options = load.options();
  load.app().add_option("file", options.file, "The file, or - for standard input")->required();
  load.app().add_option("--key", options.key_field,
                        "Member of each line that is the key, the whole line being the value; "
                        "without it lines are {\"key\":…,\"value\":…}");
  load.app()
      .add_option("--connections", options.connections, "Batches in flight")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  load.retry_for();
}

void add_import(CLI::App& app, int& status) {
  command<client::import_options> copy(
      app, "import",
      "Copy rows of another store into a collection and compare them; goes on where it was cut off",
      client::run_import, status);
  auto& options = copy.options();
  copy.app()
      .add_option("source", options.source, "URL of the store, or ndjson:FILE of JSON lines")
      ->required();
  copy.app().add_option("--collection", options.collection, "Name of the collection")->required();
  copy.app().add_option(
      "--key", options.key_field,
      "Column or member that is the key; it must be unique. Without it a row's own "
      "key: of Redis, or _id of MongoDB");
  copy.app().add_option("--from", options.from,
                        "Table, collection or pattern of keys that is copied");
  copy.retry_for();
}

void add_dump(CLI::App& app, int& status) {
  command<client::dump_options> dump(
      app, "dump",
      "Write a collection as JSON lines, which load takes; goes on where it was cut off",
      client::run_dump, status);
  dump.collection();
  auto& options = dump.options();
  dump.app()
      .add_option("file", options.file, "The file, packed if it ends in .gz; - for standard output")
      ->capture_default_str();
  dump.app().add_option("--prefix", options.prefix, "Only keys that begin so");
  dump.app().add_option("--store", options.store, "Read this secondary");
  dump.app().add_flag_callback(
      "--values", [&options] { options.form = client::dump_form::values; },
      "Only the values, as load --key takes them");
  dump.retry_for();
}

void add_watch(CLI::App& app, int& status) {
  command<client::watch_options> watch(app, "watch", "Print changes as they come",
                                       client::run_watch, status);
  auto& options = watch.options();
  watch.app().add_option("collections", options.collections, "Collections; none: all");
  watch.app().add_option("--prefix", options.prefix, "Only keys that begin so");
  auto* const since =
      watch.app().add_option("--since", options.since, "Begin behind a position, now or start");
  watch.app()
      .add_flag("--snapshot", options.snapshot, "Print the documents first, then what changes")
      ->excludes(since);
  watch.app()
      .add_option("--count", options.count, "Stop after so many changes")
      ->check(CLI::PositiveNumber);
  watch.retry_for();
}

void add_service(CLI::App& app, int& status) {
  command<client::verify_options> verify(
      app, "verify", "Compare all documents now; exit status 0 only if all are equal",
      client::run_verify, status);
  verify.app().add_option("--secondary", verify.options().secondary, "Only this one");
  verify.app().add_option("--collection", verify.options().collection, "Only this one");
  command<client::service_options>(app, "status", "Print the state of the service",
                                   client::run_status, status);
}

void add_secondary(CLI::App& app, int& status) {
  command<client::operator_options> secondary(
      app, "secondary", "Pause, resume or rebuild a secondary", client::run_operator, status);
  auto& options = secondary.options();
  secondary.app()
      .add_option("verb", options.verb, "pause, resume or rebuild")
      ->check(CLI::IsMember({"pause", "resume", "rebuild"}))
      ->required();
  secondary.app().add_option("name", options.name, "Name of the secondary")->required();
  secondary.app().add_flag("--confirm", options.confirm,
                           "Rebuild although it deletes or overwrites much, or holds a history "
                           "that the primary does not have");
}

}  // namespace

void add_client_commands(CLI::App& app, int& exit_status) {
  add_documents(app, exit_status);
  add_list(app, exit_status);
  add_load(app, exit_status);
  add_import(app, exit_status);
  add_dump(app, exit_status);
  add_watch(app, exit_status);
  add_service(app, exit_status);
  add_secondary(app, exit_status);
}

}  // namespace keelson::config
