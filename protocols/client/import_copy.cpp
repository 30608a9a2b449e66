#include <algorithm>
#include <array>
#include <cstdlib>

#include "protocols/client/endpoint.hpp"
#include "protocols/client/import_job.hpp"
#include "protocols/client/json_slice.hpp"
#include "protocols/client/patience.hpp"
#include "protocols/model/backoff.hpp"
#include "protocols/model/canonical_json.hpp"

namespace keelson::client {

namespace {

using clock = std::chrono::steady_clock;
using rows_view = std::vector<const backends::source_row*>;

constexpr std::size_t page_rows = 1000;
constexpr std::size_t page_bytes = std::size_t{4} << 20;

std::uint64_t number_member(std::string_view object, std::string_view name) {
  const auto slice = json_member(object, name);
  return slice ? std::strtoull(std::string(*slice).c_str(), nullptr, 10) : 0;
}

http_request bulk_request(const std::string& collection, const rows_view& rows) {
  http_request request{.method = "POST",
                       .target = "/v1/kv/" + percent_encode(collection),
                       .fields = {{"Content-Type", "application/x-ndjson"}}};
  for (const auto* row : rows) {
    request.body += R"({"key":)";
    append_json_string(request.body, row->key);
    // A line of its own: a line break stands in JSON only where a space could.
    const auto value = request.body.append(R"(,"value":)").size();
    request.body += row->value;
    std::replace(request.body.begin() + static_cast<std::ptrdiff_t>(value), request.body.end(),
                 '\n', ' ');
    request.body += "}\n";
  }
  return request;
}

/// Of a line: it may be written yet.
bool passes(std::string_view code) {
  static constexpr std::array passing{errc::overloaded, errc::unavailable, errc::outcome_unknown,
                                      errc::storage_full};
  return std::ranges::any_of(passing, [&](errc known) { return to_string(known) == code; });
}

/// Copies one import. Rows are put without a precondition, so what was cut off is sent again.
class copying {
 public:
  copying(const import_tools& tools, import_state& state) : tools_(tools), state_(state) {}

  exit_status take(const backends::source_page& page) {
    for (const auto& refused : page.refused) report(refused.where, refused.why);
    rows_view rows;
    for (const auto& row : page.rows) {
      if (is_clean_utf8(row.key) && canonicalise(row.value)) {
        rows.push_back(&row);
      } else {
        report(row.key, "is no JSON value under a key of UTF-8");
      }
    }
    const auto until = clock::now() + tools_.options.retry_for;
    backoff pause({.most = std::chrono::seconds(5)});
    while (!rows.empty()) {
      if (const auto sent = send(rows); sent != exit_status::done) return sent;
      if (rows.empty()) break;
      if (clock::now() >= until) {
        tools_.bar.complain(
            "giving up: the service does not take the rows; the same command goes on");
        return exit_status::refused;
      }
      tools_.service.pause(pause.next());
    }
    auto& at = state_.progress;
    at.mark = page.mark;
    at.read += page.rows.size() + page.refused.size();
    return exit_status::done;
  }

 private:
  /// Sends the rows once; those that may be written later stay.
  exit_status send(rows_view& rows) {
    const auto& options = tools_.options;
    auto request = bulk_request(options.collection, rows);
    const auto answer =
        ask_patiently(tools_.service, request, options.service.url, options.retry_for, tools_.bar);
    if (tools_.service.signal() != 0) {
      tools_.bar.complain("interrupted behind " + std::to_string(state_.progress.read) +
                          " rows; the same command goes on from there");
      return status_after(tools_.service.signal());
    }
    if (!answer) return report_unreachable(tools_.io, options.service.url, answer.error());
    if (answer->status >= 300) return report_refusal(tools_.io, *answer);
    state_.progress.written += number_member(answer->body, "written");
    rows_view again;
    for (const auto failure : json_elements_of(answer->body, "failed")) {
      const auto line = number_member(failure, "line");
      if (line == 0 || line > rows.size()) continue;
      const auto* const row = rows[line - 1];
      const auto code = json_string_member(failure, "code");
      if (passes(code)) {
        again.push_back(row);
      } else {
        report(row->key, code + ": " + json_string_member(failure, "detail"));
      }
    }
    rows = std::move(again);
    return exit_status::done;
  }

  void report(const std::string& where, const std::string& why) {
    ++state_.progress.failed;
    tools_.bar.note("keelson: " + column(where) + ": " + why);
  }

  const import_tools& tools_;
  import_state& state_;
};

progress how_far(const import_progress& at, const std::optional<std::uint64_t>& all) {
  const bool known = all && *all > 0;
  return {known ? static_cast<double>(at.read) / static_cast<double>(*all) : -1, at.read};
}

}  // namespace

exit_status copy_rows(const import_tools& tools, backends::row_source& rows, import_state& state) {
  const auto file = import_state_path(state.job);
  const auto all = rows.count();
  if (!all) return report_usage(tools.io, all.error());
  tools.bar.begin(how_far(state.progress, *all), clock::now());
  copying copy(tools, state);
  bool keeps = true;
  while (!state.progress.copied) {
    const auto page = rows.read(page_rows, page_bytes);
    if (!page) {
      tools.bar.complain(page.error().detail + "; the same command goes on from here");
      return exit_status::refused;
    }
    state.progress.copied = page->empty();
    if (const auto done = copy.take(*page); done != exit_status::done) return done;
    if (const auto kept = write_import_state(file, state); !kept && std::exchange(keeps, false))
      tools.bar.note("keelson: " + kept.error().detail +
                     "; an import that is cut off would begin anew");
    tools.bar.show(how_far(state.progress, *all), clock::now());
  }
  return exit_status::done;
}

}  // namespace keelson::client
