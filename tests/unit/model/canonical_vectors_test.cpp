#include <fstream>
#include <iterator>
#include <string>

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include "protocols/model/canonical_json.hpp"
#include "tests/fuzz/json_model.hpp"

namespace keelson {
namespace {

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return bytes;
}

boost::json::array read_vectors() {
  std::ifstream file(KEELSON_CANONICAL_VECTORS, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return boost::json::parse(text).as_array();
}

std::string member(const boost::json::object& of, std::string_view name) {
  return std::string(of.at(name).as_string());
}

std::string input(const boost::json::object& vector) {
  return vector.contains("text") ? member(vector, "text") : from_hex(member(vector, "hex"));
}

TEST_CASE("every vector has its canonical form or its refusal") {
  const boost::json::array vectors = read_vectors();
  REQUIRE(vectors.size() > 300);
  for (const auto& each : vectors) {
    const boost::json::object& vector = each.as_object();
    INFO(member(vector, "name"));
    const auto canonical = canonicalise(input(vector));
    if (vector.contains("code")) {
      REQUIRE_FALSE(canonical.has_value());
      CHECK(to_string(canonical.error().code) == member(vector, "code"));
      CHECK(canonical.error().detail.starts_with("at byte "));
    } else {
      REQUIRE(canonical.has_value());
      CHECK(*canonical == member(vector, "canonical"));
      CHECK(canonicalise(*canonical) == canonical);
    }
  }
}

TEST_CASE("the model that random tests compare with agrees with every vector") {
  for (const auto& each : read_vectors()) {
    const boost::json::object& vector = each.as_object();
    INFO(member(vector, "name"));
    const auto node = test::model_read(input(vector), default_json_depth);
    if (vector.contains("code")) {
      REQUIRE_FALSE(node.has_value());
      CHECK(to_string(node.error()) == member(vector, "code"));
    } else {
      REQUIRE(node.has_value());
      CHECK(test::model_write(*node) == member(vector, "canonical"));
    }
  }
}

}  // namespace
}  // namespace keelson
