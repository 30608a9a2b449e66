#include <fstream>
#include <istream>
#include <iterator>
#include <ostream>

#include "protocols/client/blocking_client.hpp"
#include "protocols/client/commands.hpp"
#include "protocols/client/endpoint.hpp"
#include "protocols/client/json_slice.hpp"
#include "protocols/model/canonical_json.hpp"

/// put, get and delete: one request each.
namespace keelson::client {

namespace {

std::string read_all(std::istream& from) {
  return {std::istreambuf_iterator<char>(from), std::istreambuf_iterator<char>()};
}

result<std::string> value_text(const put_options& options, console& io) {
  if (options.value == "-") return read_all(io.in);
  if (!options.value.starts_with('@')) return options.value;
  std::ifstream file(options.value.substr(1), std::ios::binary);
  auto text = read_all(file);
  if (!file.is_open() || file.bad())
    return fail(errc::invalid_parameter, "cannot read " + options.value.substr(1));
  return text;
}

std::string entity_tag(const std::string& version) {
  return '"' + version + '"';
}

/// A receipt: key, version, position.
exit_status print_receipt(const service_options& service, console& io, const std::string& body) {
  if (service.form == output_form::json) {
    io.out << body << '\n';
    return exit_status::done;
  }
  io.out << member_column(body, "key") << '\t' << member_column(body, "version") << '\t'
         << member_column(body, "position") << '\n';
  return exit_status::done;
}

/// A version comes as the entity tag "43".
std::string_view version_of(const http_response& answer) {
  auto tag = answer.field("ETag");
  if (tag.size() >= 2 && tag.front() == '"') tag = tag.substr(1, tag.size() - 2);
  return tag;
}

void print_document_json(console& io, const std::string& key, const http_response& answer) {
  std::string line = R"({"key":)";
  append_json_string(line, key);
  line += R"(,"version":)" + std::string(version_of(answer)) + R"(,"position":)";
  append_json_string(line, answer.field("Keelson-Position"));
  if (const auto consistency = answer.field("Keelson-Consistency"); !consistency.empty()) {
    line += R"(,"consistency":)";
    append_json_string(line, consistency);
  }
  io.out << line << R"(,"value":)" << answer.body << "}\n";
}

}  // namespace

exit_status run_put(const put_options& options, console& io) {
  auto value = value_text(options, io);
  if (!value) return report_usage(io, value.error());
  http_request request{.method = "PUT",
                       .target = document_target(options.collection, options.key),
                       .fields = {{"Content-Type", "application/json"}},
                       .body = std::move(*value)};
  if (!options.if_match.empty())
    request.fields.emplace_back("If-Match", entity_tag(options.if_match));
  if (options.if_none_match) request.fields.emplace_back("If-None-Match", "*");
  return ask(options.service, io, request, [&](const http_response& answer) {
    return print_receipt(options.service, io, answer.body);
  });
}

exit_status run_get(const get_options& options, console& io) {
  query_builder query;
  query.add("store", options.store).add("verify", options.verify);
  const http_request request{.target =
                                 document_target(options.collection, options.key) + query.text()};
  return ask(options.service, io, request, [&](const http_response& answer) {
    if (options.service.form == output_form::json) {
      print_document_json(io, options.key, answer);
      return exit_status::done;
    }
    io.out << answer.body << '\n';
    if (const auto consistency = answer.field("Keelson-Consistency"); !consistency.empty())
      io.err << "consistency: " << consistency << '\n';
    return exit_status::done;
  });
}

exit_status run_remove(const remove_options& options, console& io) {
  http_request request{.method = "DELETE",
                       .target = document_target(options.collection, options.key)};
  if (!options.if_match.empty())
    request.fields.emplace_back("If-Match", entity_tag(options.if_match));
  return ask(options.service, io, request, [&](const http_response& answer) {
    return print_receipt(options.service, io, answer.body);
  });
}

}  // namespace keelson::client
