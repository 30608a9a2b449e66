#include <chrono>
#include <ostream>

#include "protocols/client/blocking_client.hpp"
#include "protocols/client/commands.hpp"
#include "protocols/client/document_pages.hpp"
#include "protocols/client/dump_file.hpp"
#include "protocols/client/json_slice.hpp"
#include "protocols/client/patience.hpp"
#include "protocols/client/service_identity.hpp"

namespace keelson::client {

using clock = std::chrono::steady_clock;

namespace {

list_options pages_of(const dump_options& options) {
  list_options pages;
  pages.service = options.service;
  pages.collection = options.collection;
  pages.prefix = options.prefix;
  pages.store = options.store;
  return pages;
}

/// The documents of the collection as the service counts them; 0 if it does not say.
std::uint64_t expected_documents(const dump_options& options, blocking_client& service) {
  const auto answer = service.exchange({.target = "/v1/collections"});
  if (!answer || answer->status >= 300 || !options.prefix.empty()) return 0;
  for (const auto each : json_elements_of(answer->body, "collections")) {
    if (json_string_member(each, "name") != options.collection) continue;
    const auto documents = json_member(each, "documents");
    return documents ? std::strtoull(std::string(*documents).c_str(), nullptr, 10) : 0;
  }
  return 0;
}

void append_line(std::string& lines, dump_form form, std::string_view item) {
  const auto value = json_member(item, "value").value_or("null");
  if (form == dump_form::documents) {
    const auto key = json_member(item, "key").value_or("null");
    lines.append(R"({"key":)").append(key).append(R"(,"value":)").append(value).append("}");
  } else {
    lines.append(value);
  }
  lines += '\n';
}

exit_status report_file(console& io, const error& why) {
  complain(io, why.detail);
  return exit_status::refused;
}

exit_status report_signal(const dump_options& options, int signal, dump_file& file,
                          progress_bar& bar) {
  if (const auto kept = file.keep(); !kept) bar.complain(kept.error().detail);
  bar.complain("interrupted behind " + std::to_string(file.progress().documents) + " documents; " +
               (options.file == "-" ? "given again, it begins anew"
                                    : "the same command goes on from there"));
  return status_after(signal);
}

}  // namespace

exit_status run_dump(const dump_options& options, console& io) {
  auto service = blocking_client::make(options.service);
  if (!service) return report_usage(io, service.error());
  service->end_on_signals();
  progress_bar bar(io, "documents");
  auto known = identify(*service, options.service.url, options.retry_for, bar);
  if (service->signal() != 0) {
    bar.complain("interrupted; nothing was written");
    return status_after(service->signal());
  }
  if (!known) return report_unreachable(io, options.service.url, known.error());
  auto file = dump_file::open(
      options.file,
      {options.service.url, known->log_id, known->epoch, options.collection, options.prefix,
       options.store, options.form == dump_form::documents ? "documents" : "values"},
      io.out);
  if (!file) return report_usage(io, file.error());
  if (file->progress().documents > 0)
    bar.note("keelson: going on behind " + std::to_string(file->progress().documents) +
             " documents");

  const auto expected = expected_documents(options, *service);
  const auto how_far = [expected](const dump_progress& at) {
    const auto done = static_cast<double>(at.documents);
    return progress{expected > 0 ? done / static_cast<double>(expected) : -1, at.documents};
  };
  bar.begin(how_far(file->progress()), clock::now());
  const auto wanted = pages_of(options);
  std::string position;
  std::string lines;
  for (bool more = true; more;) {
    auto now = file->progress();
    auto answer = ask_patiently(*service, document_page_request(wanted, now.after, page_items),
                                options.service.url, options.retry_for, bar);
    if (service->signal() != 0) return report_signal(options, service->signal(), *file, bar);
    if (!answer) return report_unreachable(io, options.service.url, answer.error());
    if (answer->status >= 300) return report_refusal(io, *answer);
    auto page = parse_document_page(answer->body);
    if (!page) return report_file(io, page.error());
    lines.clear();
    for (const auto item : page->items) append_line(lines, options.form, item);
    position = page->position;
    more = !page->next.empty() && !page->items.empty();
    if (now.from.empty()) now.from = position;
    // Also of the last page, which names no next: a dump cut off behind it has only to end.
    if (!page->items.empty()) now.after = json_string_member(page->items.back(), "key");
    now.documents += page->items.size();
    if (auto added = file->add(lines, std::move(now)); !added)
      return report_file(io, added.error());
    bar.show(how_far(file->progress()), clock::now());
  }
  if (auto finished = file->finish(); !finished) return report_file(io, finished.error());
  bar.clear();
  const auto& all = file->progress();
  auto& summary = options.file == "-" ? io.err : io.out;
  if (options.service.form == output_form::json) {
    summary << R"({"documents":)" << all.documents << R"(,"from":")" << all.from << R"(","to":")"
            << position << "\"}\n";
  } else {
    summary << "documents\t" << all.documents << "\tfrom\t" << all.from << "\tto\t" << position
            << '\n';
  }
  return written(io, exit_status::done);
}

}  // namespace keelson::client
