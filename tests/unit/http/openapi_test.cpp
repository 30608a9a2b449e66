#include "protocols/http/openapi.hpp"

#include <set>

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include "protocols/http/openapi_schemas.hpp"
#include "protocols/http/routes.hpp"

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
