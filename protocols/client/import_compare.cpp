#include <span>
#include <string>
#include <unordered_map>

#include "protocols/client/import_job.hpp"
#include "protocols/client/json_slice.hpp"
#include "protocols/client/patience.hpp"
#include "protocols/model/canonical_json.hpp"
#include "protocols/model/names.hpp"

namespace keelson::client {

namespace {

using clock = std::chrono::steady_clock;
using rows_view = std::span<const backends::source_row>;

constexpr std::size_t page_rows = 500;
constexpr std::size_t page_bytes = std::size_t{4} << 20;
constexpr std::uint64_t most_printed = 1000;

class comparing {
 public:
  comparing(const import_tools& tools, import_comparison& found) : tools_(tools), found_(found) {}

  /// Asks for the rows' documents at once, or for each half if they are too much for one answer.
  exit_status take(rows_view rows) {
    if (rows.empty()) return exit_status::done;
    const auto& options = tools_.options;
    http_request request{.method = "POST",
                         .target = "/v1/batch/get?verify=off",
                         .fields = {{"Content-Type", "application/json"}}};
    request.body = R"({"collection":)";
    append_json_string(request.body, options.collection);
    const auto* separator = R"(,"keys":[)";
    for (const auto& row : rows) {
      request.body += std::exchange(separator, ",");
      append_json_string(request.body, row.key);
    }
    request.body += "]}";
    const auto answer =
        ask_patiently(tools_.service, request, options.service.url, options.retry_for, tools_.bar);
    if (tools_.service.signal() != 0) {
      tools_.bar.complain("interrupted; all rows are copied, and the same command compares them");
      return status_after(tools_.service.signal());
    }
    if (!answer) return report_unreachable(tools_.io, options.service.url, answer.error());
    if (answer->status == 413 && rows.size() > 1) {
      const auto half = rows.size() / 2;
      const auto first = take(rows.first(half));
      return first == exit_status::done ? take(rows.subspan(half)) : first;
    }
    if (answer->status >= 300) return report_refusal(tools_.io, *answer);
    judge(rows, answer->body);
    return exit_status::done;
  }

 private:
  void judge(rows_view rows, std::string_view body) {
    std::unordered_map<std::string, std::string_view> documents;
    for (const auto item : json_elements_of(body, "items"))
      documents.emplace(json_string_member(item, "key"), json_member(item, "value").value_or(""));
    for (const auto& row : rows) {
      const auto there = documents.find(row.key);
      if (there == documents.end()) {
        ++found_.missing;
        print(row.key, "missing");
      } else if (const auto value = canonicalise(row.value); value && *value == there->second) {
        ++found_.equal;
      } else {
        ++found_.different;
        print(row.key, "different");
      }
    }
  }

  void print(const std::string& key, const char* what) {
    if (found_.missing + found_.different > most_printed) return;
    tools_.bar.note("keelson: " + column(key) + ": " + what);
  }

  const import_tools& tools_;
  import_comparison& found_;
};

/// A row that was refused is not looked for.
std::vector<backends::source_row> documents_of(std::vector<backends::source_row>&& rows) {
  std::erase_if(rows, [](const auto& row) {
    return !document_key::parse(row.key) || !canonicalise(row.value);
  });
  return std::move(rows);
}

}  // namespace

exit_status compare_rows(const import_tools& tools, backends::row_source& rows,
                         import_comparison& found) {
  comparing compare(tools, found);
  const auto all = rows.count();
  for (;;) {
    auto page = rows.read(page_rows, page_bytes);
    if (!page) {
      tools.bar.complain(page.error().detail + "; the same command compares them again");
      return exit_status::refused;
    }
    if (page->empty()) return exit_status::done;
    if (const auto done = compare.take(documents_of(std::move(page->rows)));
        done != exit_status::done)
      return done;
    const auto seen = found.equal + found.missing + found.different;
    const bool known = all && *all && **all > 0;
    tools.bar.show({known ? static_cast<double>(seen) / static_cast<double>(**all) : -1, seen},
                   clock::now());
  }
}

}  // namespace keelson::client
