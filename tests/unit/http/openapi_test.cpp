#include "protocols/http/openapi.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <vector>

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include "protocols/http/openapi_schemas.hpp"
#include "protocols/http/routes.hpp"
#include "protocols/messages/verification.hpp"

using namespace keelson;
namespace json = boost::json;

namespace {

/// Every schema that is referred to, anywhere.
void collect(const json::value& in, std::set<std::string>& names) {
  if (const auto* object = in.if_object()) {
    for (const auto& [name, value] : *object) {
      if (name == "$ref") names.insert(std::string(value.as_string()));
      collect(value, names);
    }
  } else if (const auto* array = in.if_array()) {
    for (const auto& each : *array) collect(each, names);
  }
}

/// The words that a schema of the description lists.
std::vector<std::string> listed_in(std::string_view schema) {
  const auto root = json::parse(http::openapi_text("1.2.3", {}));
  const auto& found = root.at("components").at("schemas").at(schema).at("enum").as_array();
  std::vector<std::string> words;
  for (const auto& each : found) words.emplace_back(each.as_string());
  return words;
}

std::vector<std::string> listed(std::span<const messages::component_state> states) {
  std::vector<std::string> words;
  for (const auto word : messages::words_of(states)) words.emplace_back(word);
  words.emplace_back("unavailable");  // what does not answer has no state of its own
  return words;
}

/// Every enumerator up to the last one.
template <class State>
std::vector<State> up_to(State last) {
  std::vector<State> all;
  for (int i = 0; i <= static_cast<int>(last); ++i) all.push_back(static_cast<State>(i));
  return all;
}

}  // namespace

TEST_CASE("the description has every route once, and refers only to what it has") {
  const auto parsed = json::parse(http::openapi_text("1.2.3", {}));
  const auto& root = parsed.as_object();
  CHECK(root.at("openapi").as_string() == "3.1.0");
  std::size_t operations = 0;
  std::set<std::string> ids;
  for (const auto& [path, methods] : root.at("paths").as_object()) {
    for (const auto& [method, operation] : methods.as_object()) {
      ++operations;
      ids.insert(std::string(operation.as_object().at("operationId").as_string()));
      CHECK(operation.as_object().at("responses").as_object().contains("400"));
    }
  }
  CHECK(operations == http::routes().size());
  CHECK(ids.size() == operations);
  std::set<std::string> wanted;
  collect(parsed, wanted);
  const auto& schemas = root.at("components").as_object().at("schemas").as_object();
  for (const auto& each : wanted) {
    const std::string start = "#/components/schemas/";
    REQUIRE(each.starts_with(start));
    CHECK(schemas.contains(each.substr(start.size())));
  }
}

TEST_CASE("the description lists every state that a component can be in") {
  using messages::component_state;
  CHECK(listed_in("PrimaryState") == listed(messages::primary_states));
  CHECK(listed_in("SecondaryState") == listed(messages::secondary_states));
  for (const auto state : up_to(component_state::stopped)) {
    CAPTURE(to_string(state));
    const bool found = std::ranges::count(messages::primary_states, state) > 0 ||
                       std::ranges::count(messages::secondary_states, state) > 0;
    CHECK(found);
  }
  std::vector<std::string> passes;
  for (const auto state : up_to(messages::pass_state::stopped))
    passes.emplace_back(to_string(state));
  CHECK(listed_in("PassState") == passes);
}
