#include "protocols/http/openapi.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "protocols/http/openapi_schemas.hpp"
#include "protocols/http/routes.hpp"
#include "protocols/wire/json_text.hpp"
#include "protocols/wire/status_code.hpp"

namespace keelson::http {

namespace {

using wire::json_object;

/// The next of the words in a text, which is shortened by it.
std::string_view next_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(text.size(), word.size() + 1));
  return word;
}

struct named_schema {
  std::string_view name;
  std::string_view schema;
  std::string_view description;
};

constexpr std::string_view flag_schema = R"({"type":"boolean"})";
constexpr std::string_view text_schema = R"({"type":"string"})";
constexpr std::string_view position_schema =
    R"({"type":"string","pattern":"^[a-z0-9]{8}:[0-9]{1,18}$"})";
/// What wire::parse_duration takes, up to 60 s; a deadline is not 0.
constexpr std::string_view wait_schema =
    R"({"type":"string","pattern":"^0*(([1-5]?[0-9]|60)s?|([1-5]?[0-9]{1,4}|60000)ms)$"})";
constexpr std::string_view deadline_schema =
    R"({"type":"string","pattern":"^0*(([1-9]|[1-5][0-9]|60)s?|)"
    R"(([1-9][0-9]{0,3}|[1-5][0-9]{4}|60000)ms)$"})";
constexpr std::string_view collection_schema =
    R"({"type":"string","pattern":"^[a-z][a-z0-9_-]{0,62}$"})";

constexpr auto query_parameters = std::to_array<named_schema>({
    {"after", text_schema, "Begin behind this; the `next` of the page before"},
    {"access_token", text_schema, "A token, for WebSocket and server-sent events"},
    {"all", flag_schema, "Delete the whole collection"},
    {"collection", R"({"type":"array","items":{"$ref":"#/components/schemas/Collection"}})",
     "Only changes of these collections; absent: all"},
    {"if_absent", flag_schema, "Skip keys that exist"},
    {"key_field", text_schema, "The member that is the key of each line"},
    {"limit", R"({"type":"integer","minimum":1,"maximum":1000})", "At most so many"},
    {"min_position", position_schema, "Answer at or beyond this position, or 504 at the deadline"},
    {"prefix", text_schema, "Only keys that begin so"},
    {"reverse", flag_schema, "From the last key to the first"},
    {"since", R"({"type":"string","pattern":"^(now|start|[a-z0-9]{8}:[0-9]{1,18})$"})",
     "A position, `now` or `start`"},
    {"store", text_schema, "Read this secondary instead of the primary"},
    {"timeout", deadline_schema, "The deadline of the request, up to 60s"},
    {"values", flag_schema, "Whether values are wanted"},
    {"verify", R"({"type":"string","enum":["off","async","wait"]})",
     "Whether what is read is compared with the secondaries"},
    {"wait", wait_schema, "How long to wait for a change"},
});

constexpr auto path_parameters = std::to_array<named_schema>({
    {"collection", R"({"$ref":"#/components/schemas/Collection"})", "Name of the collection"},
    {"key", R"({"$ref":"#/components/schemas/Key"})", "Key of the document"},
    {"id", R"({"type":"string","minLength":1})", "Id of the comparison"},
    {"name", R"({"type":"string","minLength":1})", "Name of the secondary"},
});

constexpr auto header_parameters = std::to_array<named_schema>({
    {"If-Match", R"({"type":"string","pattern":"^\"[0-9]{1,18}\"$"})", "Version, in quotes"},
    {"If-None-Match", R"({"type":"string","pattern":"^(\\*|\"[0-9]{1,18}\")$"})",
     "`*`, or a version in quotes"},
    {"Idempotency-Key", R"({"type":"string","pattern":"^[!-~]{1,255}$"})",
     "The same request under the same key takes effect once"},
    {"Last-Event-ID", position_schema, "Where a stream of events goes on"},
});

template <std::size_t Size>
const named_schema& find(const std::array<named_schema, Size>& in, std::string_view name) {
  return *std::ranges::find(in, name, &named_schema::name);
}

void append_parameter(std::string& out, const named_schema& of, std::string_view in) {
  json_object one;
  one.text("name", of.name);
  one.text("in", in);
  one.text("description", of.description);
  if (in == "path") one.raw("required", "true");
  one.raw("schema", of.schema);
  if (!out.empty()) out.push_back(',');
  out.append(std::move(one).finish());
}

std::string parameters_of(const route& of) {
  std::string out;
  for (std::string_view path = of.path; path.find('{') != path.npos;) {
    path.remove_prefix(path.find('{') + 1);
    append_parameter(out, find(path_parameters, path.substr(0, path.find('}'))), "path");
  }
  for (std::string_view names : {of.parameters, common_parameters}) {
    while (!names.empty()) {
      std::string_view name = next_word(names);
      if (name.ends_with('*')) name.remove_suffix(1);
      append_parameter(out, find(query_parameters, name), "query");
    }
  }
  for (std::string_view names = of.doc.headers; !names.empty();)
    append_parameter(out, find(header_parameters, next_word(names)), "header");
  return '[' + out + ']';
}

/// `{"TYPE":{"schema":{"$ref":"…"}}}` of words like `TYPE:SCHEMA`.
std::string content_of(std::string_view types) {
  json_object content;
  while (!types.empty()) {
    const std::string_view word = next_word(types);
    const auto colon = word.rfind(':');
    content.raw(word.substr(0, colon), R"({"schema":{"$ref":"#/components/schemas/)" +
                                           std::string(word.substr(colon + 1)) + "\"}}");
  }
  return std::move(content).finish();
}

std::string answer_text(unsigned status, std::string_view schema) {
  json_object answer;
  answer.text("description", wire::reason_phrase(status));
  if (status >= 400 && schema.empty()) {
    answer.raw("content", content_of("application/problem+json:Problem"));
  } else if (!schema.empty()) {
    answer.raw("content", content_of(schema));
  }
  return std::move(answer).finish();
}

/// Words like `200=application/json:Page` or `412`; the answers that every route has come last.
std::string answers_of(const route& of) {
  constexpr std::string_view common = "400 401 403 431 500 503 504";
  std::string all(of.doc.answers);
  for (std::string_view left = common; !left.empty();) {
    const std::string_view status = next_word(left);
    if (!of.doc.answers.contains(status)) all.append(" ").append(status);
  }
  json_object answers;
  for (std::string_view left = all; !left.empty();) {
    const std::string_view word = next_word(left);
    const std::string_view status = word.substr(0, 3);
    unsigned number = 0;
    for (const char digit : status) number = number * 10 + static_cast<unsigned>(digit - '0');
    std::string types(word.size() > 4 ? word.substr(4) : std::string_view());
    std::ranges::replace(types, '|', ' ');
    answers.raw(status, answer_text(number, types));
  }
  return std::move(answers).finish();
}

std::string operation_of(const route& of) {
  json_object out;
  out.text("summary", of.summary);
  out.text("operationId", of.doc.id);
  out.raw("parameters", parameters_of(of));
  if (!of.doc.body.empty()) {
    std::string_view types = of.doc.body;
    const bool optional = types.ends_with('?');
    if (optional) types.remove_suffix(1);
    json_object body;
    body.raw("required", optional ? "false" : "true");
    body.raw("content", content_of(types));
    out.raw("requestBody", std::move(body).finish());
  }
  out.raw("responses", answers_of(of));
  if (of.scope == scope::none) out.raw("security", "[]");
  out.text("x-scope", to_string(of.scope));
  return std::move(out).finish();
}

std::string lower(std::string_view name) {
  std::string text(name);
  std::ranges::transform(text, text.begin(), [](char c) { return static_cast<char>(c | 0x20); });
  return text;
}

std::string paths_text() {
  json_object paths;
  json_object methods;
  const auto table = routes();
  for (std::size_t i = 0; i < table.size(); ++i) {
    methods.raw(lower(to_string(table[i].method)), operation_of(table[i]));
    if (i + 1 < table.size() && table[i + 1].path == table[i].path) continue;
    paths.raw(table[i].path, std::move(methods).finish());
    methods = json_object();
  }
  return std::move(paths).finish();
}

}  // namespace

std::string openapi_text(std::string_view version, const wire::content_limits& limits) {
  json_object info;
  info.text("title", "Keelson");
  info.text("version", version);
  info.text("description",
            "One API in front of many stores that are kept equal. Values have at most " +
                std::to_string(limits.value) + " bytes, batches " +
                std::to_string(limits.operations) + " operations.");
  json_object out;
  out.text("openapi", "3.1.0");
  out.raw("info", std::move(info).finish());
  out.raw("security", R"([{"bearer":[]},{}])");
  out.raw("paths", paths_text());
  out.raw("components", R"({"securitySchemes":{"bearer":{"type":"http","scheme":"bearer"}},)"
                        R"("schemas":)" +
                            std::string(openapi_schemas) + '}');
  return std::move(out).finish();
}

}  // namespace keelson::http
