#include <chrono>
#include <cstdio>
#include <filesystem>
#include <istream>
#include <ostream>
#include <random>

#include "protocols/client/blocking_client.hpp"
#include "protocols/client/commands.hpp"
#include "protocols/client/load_run.hpp"
#include "protocols/client/service_identity.hpp"

namespace keelson::client {

namespace fs = std::filesystem;
using clock = std::chrono::steady_clock;

namespace {

constexpr piece_limits limits{};

/// 128 random bits as hexadecimal digits.
std::string make_load_id() {
  std::random_device random;
  std::string id;
  for (int word = 0; word < 4; ++word) {
    char digits[9];
    std::snprintf(digits, sizeof digits, "%08x", random());
    id += digits;
  }
  return id;
}

result<load_source> describe(const load_options& options) {
  load_source source{.file = options.file,
                     .collection = options.collection,
                     .key_field = options.key_field,
                     .url = options.service.url,
                     .log_id = {},
                     .epoch = {}};
  if (options.file == "-") return source;
  std::error_code failed;
  source.file = fs::canonical(options.file, failed).string();
  if (!failed) source.bytes = fs::file_size(source.file, failed);
  fs::file_time_type modified{};
  if (!failed) modified = fs::last_write_time(source.file, failed);
  if (failed)
    return fail(errc::invalid_parameter, "cannot read " + options.file + ": " + failed.message());
  source.modified_ns = static_cast<std::int64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(modified.time_since_epoch()).count());
  return source;
}

/// The state of an earlier run of this very load, or that of a new one.
load_state begin_or_go_on(const load_source& source, const std::optional<fs::path>& file,
                          progress_bar& bar) {
  auto kept = file ? read_load_state(*file) : std::nullopt;
  if (kept && kept->source == source) {
    bar.note("keelson: going on behind line " + std::to_string(kept->progress.mark.lines) + " (" +
             file->string() + ")");
    return std::move(*kept);
  }
  if (kept) bar.note("keelson: " + file->string() + " is of another load; beginning anew");
  return {source, make_load_id(), {}};
}

result<line_reader> open_lines(const load_options& options, console& io) {
  if (options.file == "-") return line_reader::over(io.in, limits.bytes);
  return line_reader::open(options.file, limits.bytes);
}

std::string fixed(double number, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, number);
  return text;
}

void print_summary(const load_options& options, console& io, const load_outcome& outcome,
                   std::uint64_t written_before, double seconds) {
  const auto written_now = static_cast<double>(outcome.progress.written - written_before);
  const auto rate = fixed(seconds > 0 ? written_now / seconds : 0, 0);
  if (options.service.form == output_form::json) {
    io.out << R"({"written":)" << outcome.progress.written << R"(,"failed":)"
           << outcome.progress.failed << R"(,"seconds":)" << fixed(seconds, 3) << R"(,"rate":)"
           << rate << "}\n";
  } else {
    io.out << "written\t" << outcome.progress.written << "\tfailed\t" << outcome.progress.failed
           << "\tseconds\t" << fixed(seconds, 3) << "\trate\t" << rate << '\n';
  }
}

/// Which history the file is loaded into.
exit_status ask_history(const load_options& options, load_source& source, console& io,
                        progress_bar& bar) {
  auto service = blocking_client::make(options.service);
  if (!service) return report_usage(io, service.error());
  service->end_on_signals();
  const auto known = identify(*service, options.service.url, options.retry_for, bar);
  if (service->signal() != 0) {
    bar.complain("interrupted; nothing was sent");
    return status_after(service->signal());
  }
  if (!known) return report_unreachable(io, options.service.url, known.error());
  source.log_id = known->log_id;
  source.epoch = known->epoch;
  return exit_status::done;
}

}  // namespace

exit_status run_load(const load_options& options, console& io) {
  auto target = parse_endpoint(options.service.url);
  if (!target) return report_usage(io, target.error());
  auto source = describe(options);
  if (!source) return report_usage(io, source.error());
  auto lines = open_lines(options, io);
  if (!lines) return report_usage(io, lines.error());

  const auto started = clock::now();
  progress_bar bar(io, "documents");
  if (const auto known = ask_history(options, *source, io, bar); known != exit_status::done)
    return known;
  std::optional<fs::path> state_file;
  if (options.file != "-") state_file = load_state_path(source->file);
  auto state = begin_or_go_on(*source, state_file, bar);
  const auto before = state.progress;
  piece_cutter cutter(std::move(*lines), options.collection, options.key_field, limits);
  if (const auto skipped = cutter.skip_to(before.mark); !skipped)
    return report_usage(io, skipped.error());
  if (state_file) {
    if (const auto kept = write_load_state(*state_file, state); !kept) {
      bar.note("keelson: " + kept.error().detail + "; a load that is cut off would begin anew");
      state_file.reset();
    }
  }

  bar.begin({cutter.fraction(), before.written}, clock::now());
  const auto outcome = run_pieces(
      options, {std::move(*target), std::move(cutter), std::move(state), state_file}, bar);
  bar.clear();
  if (std::error_code ignored; outcome.complete && state_file) fs::remove(*state_file, ignored);
  print_summary(options, io, outcome, before.written,
                std::chrono::duration<double>(clock::now() - started).count());
  return written(io, outcome.status);
}

}  // namespace keelson::client
