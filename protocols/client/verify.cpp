#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ostream>
#include <thread>

#include "protocols/client/blocking_client.hpp"
#include "protocols/client/commands.hpp"
#include "protocols/client/endpoint.hpp"
#include "protocols/client/json_slice.hpp"
#include "protocols/client/progress_bar.hpp"
#include "protocols/model/canonical_json.hpp"

namespace keelson::client {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds first_poll{50};
constexpr std::chrono::milliseconds longest_poll{1000};

std::string request_body(const verify_options& options) {
  std::string body = "{";
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (body.size() > 1) body += ',';
    append_json_string(body, name);
    body += ':';
    append_json_string(body, value);
  };
  add("secondary", options.secondary);
  add("collection", options.collection);
  return body + '}';
}

void print_pass(console& io, std::string_view pass) {
  std::uint64_t differences = 0;
  for (const auto secondary : json_elements_of(pass, "secondaries")) {
    const auto counts = json_member(secondary, "counts").value_or("{}");
    const auto state = member_column(secondary, "state");
    io.out << member_column(secondary, "name") << '\t'
           << painted(io.out_palette, tone_of_state(state), state);
    for (const auto* result : {"equal", "pending", "different", "unknown"})
      io.out << '\t' << result << '\t' << member_column(counts, result);
    io.out << "\tfrom\t" << member_column(secondary, "from") << "\tto\t"
           << member_column(secondary, "to") << '\n';
    differences +=
        std::strtoull(member_column(secondary, "differences_total").c_str(), nullptr, 10);
  }
  const auto listed = json_elements_of(pass, "differences");
  for (const auto difference : listed) {
    io.out << "difference";
    for (const auto* name :
         {"secondary", "collection", "key", "kind", "primary_version", "secondary_version"})
      io.out << '\t' << member_column(difference, name);
    io.out << '\n';
  }
  if (differences > listed.size())
    io.err << "keelson: " << differences - listed.size() << " more differences at /v1/verify/"
           << member_column(pass, "id") << "/differences\n";
}

std::uint64_t compared(std::string_view pass) {
  std::uint64_t sum = 0;
  for (const auto secondary : json_elements_of(pass, "secondaries")) {
    const auto counts = json_member(secondary, "counts").value_or("{}");
    for (const auto* result : {"equal", "pending", "different", "unknown"})
      sum += std::strtoull(member_column(counts, result).c_str(), nullptr, 10);
  }
  return sum;
}

double progress_of(std::string_view pass) {
  const auto slice = json_member(pass, "progress");
  return slice ? std::strtod(std::string(*slice).c_str(), nullptr) : -1;
}

/// Asks for the pass until it has ended.
result<http_response> wait_for_end(blocking_client& service, const std::string& id,
                                   progress_bar& bar) {
  auto poll = first_poll;
  for (;;) {
    auto answer = service.exchange({.target = "/v1/verify/" + percent_encode(id)});
    const bool running =
        answer && answer->status < 300 && json_string_member(answer->body, "state") == "running";
    if (!running) return answer;
    bar.show({progress_of(answer->body), compared(answer->body)}, clock::now());
    std::this_thread::sleep_for(poll);
    poll = std::min(poll * 2, longest_poll);
  }
}

}  // namespace

exit_status run_verify(const verify_options& options, console& io) {
  auto service = blocking_client::make(options.service);
  if (!service) return report_usage(io, service.error());
  const auto asked = service->exchange({.method = "POST",
                                        .target = "/v1/verify",
                                        .fields = {{"Content-Type", "application/json"}},
                                        .body = request_body(options)});
  if (!asked) return report_unreachable(io, options.service.url, asked.error());
  if (asked->status >= 300) return report_refusal(io, *asked);

  progress_bar bar(io, "comparisons");
  const auto pass = wait_for_end(*service, json_string_member(asked->body, "id"), bar);
  bar.clear();
  if (!pass) return report_unreachable(io, options.service.url, pass.error());
  if (pass->status >= 300) return report_refusal(io, *pass);

  const auto state = json_string_member(pass->body, "state");
  if (options.service.form == output_form::json) {
    io.out << pass->body << '\n';
  } else {
    print_pass(io, pass->body);
    io.out << "state\t" << painted(io.out_palette, tone_of_state(state), state) << '\n';
  }
  if (!options.collection.empty() && compared(pass->body) == 0)  // perhaps it is misspelt
    io.err << "keelson: nothing was compared: no store has a document in the collection "
           << options.collection << '\n';
  return written(io, state == "equal" ? exit_status::done : exit_status::refused);
}

}  // namespace keelson::client
