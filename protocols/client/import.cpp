#include <chrono>
#include <cstdio>
#include <filesystem>
#include <ostream>

#include "backends/location.hpp"
#include "backends/registry.hpp"
#include "protocols/client/import_job.hpp"
#include "protocols/client/ndjson_rows.hpp"
#include "protocols/client/service_identity.hpp"

namespace keelson::client {

namespace fs = std::filesystem;
using clock = std::chrono::steady_clock;

namespace {

result<std::unique_ptr<backends::row_source>> open_source(const import_options& options,
                                                          const std::string& after) {
  const backends::source_request request{.url = options.source,
                                         .folder = fs::current_path(),
                                         .from = options.from,
                                         .key_field = options.key_field,
                                         .after = after};
  if (backends::scheme_of(options.source) == "ndjson") return read_ndjson(request);
  const auto engine = backends::engine_for(options.source);
  if (!engine) return std::unexpected(engine.error());
  if ((*engine)->read_rows == nullptr) {
    return fail(errc::invalid_parameter, "nothing can be imported from a " +
                                             std::string((*engine)->scheme) +
                                             ": store, which only ever holds what Keelson wrote");
  }
  return (*engine)->read_rows(request);
}

import_state begin_or_go_on(import_job job, progress_bar& bar) {
  const auto file = import_state_path(job);
  auto kept = read_import_state(file);
  if (kept && kept->job == job) {
    bar.note("keelson: going on behind " + std::to_string(kept->progress.read) + " rows (" +
             file.string() + ")");
    return *std::move(kept);
  }
  if (kept) bar.note("keelson: " + file.string() + " is of another history; beginning anew");
  return {.job = std::move(job), .progress = {}};
}

std::string fixed(double number) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3f", number);
  return text;
}

void print_summary(const import_options& options, console& io, const import_progress& copied,
                   const import_comparison& compared, double seconds) {
  const bool json = options.service.form == output_form::json;
  const auto* separator = json ? "{" : "";
  const auto add = [&](std::string_view name, const std::string& value) {
    if (json) {
      io.out << separator << '"' << name << "\":" << value;
    } else {
      io.out << separator << name << '\t' << value;
    }
    separator = json ? "," : "\t";
  };
  add("read", std::to_string(copied.read));
  add("written", std::to_string(copied.written));
  add("failed", std::to_string(copied.failed));
  add("equal", std::to_string(compared.equal));
  add("missing", std::to_string(compared.missing));
  add("different", std::to_string(compared.different));
  add("seconds", fixed(seconds));
  io.out << (json ? "}\n" : "\n");
}

}  // namespace

exit_status run_import(const import_options& options, console& io) {
  const auto started = clock::now();
  auto service = blocking_client::make(options.service);
  if (!service) return report_usage(io, service.error());
  // What cannot be read is told before anything is asked of the service.
  if (auto rows = open_source(options, ""); !rows) return report_usage(io, rows.error());
  service->end_on_signals();
  progress_bar bar(io, "rows");
  const import_tools tools{options, io, *service, bar};
  const auto known = identify(*service, options.service.url, options.retry_for, bar);
  if (service->signal() != 0) {
    bar.complain("interrupted; nothing was sent");
    return status_after(service->signal());
  }
  if (!known) return report_unreachable(io, options.service.url, known.error());
  auto state = begin_or_go_on({.source = backends::without_secrets(options.source),
                               .from = options.from,
                               .collection = options.collection,
                               .key_field = options.key_field,
                               .url = options.service.url,
                               .log_id = known->log_id,
                               .epoch = known->epoch},
                              bar);
  auto rows = open_source(options, state.progress.mark);
  if (!rows) return report_usage(io, rows.error());
  if (const auto done = copy_rows(tools, **rows, state); done != exit_status::done) return done;

  bar.clear();
  bar.note("keelson: copied; comparing");
  rows = open_source(options, "");
  if (!rows) return report_usage(io, rows.error());
  bar.begin({}, clock::now());
  import_comparison compared;
  if (const auto done = compare_rows(tools, **rows, compared); done != exit_status::done)
    return done;
  bar.clear();
  std::error_code ignored;
  fs::remove(import_state_path(state.job), ignored);
  print_summary(options, io, state.progress, compared,
                std::chrono::duration<double>(clock::now() - started).count());
  const bool whole = state.progress.failed + compared.missing + compared.different == 0;
  return written(io, whole ? exit_status::done : exit_status::refused);
}

}  // namespace keelson::client
