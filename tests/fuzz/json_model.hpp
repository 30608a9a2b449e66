#pragma once

#include <cstddef>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/model/error.hpp"

namespace keelson::test {

/// A JSON value as a tree: a second, slow and plain reading of docs/canonical-json.md that shares
/// no code with the service, for the tests to compare with.
struct json_node {
  enum class kind { scalar, string, array, object };
  kind is = kind::scalar;
  std::string text;  ///< of a scalar, canonical; of a string, what it means
  std::vector<json_node> items;
  std::map<std::string, json_node> members;  // std::string orders by unsigned bytes
};

/// The tree of a text, or the code it is refused with.
[[nodiscard]] std::expected<json_node, errc> model_read(std::string_view text,
                                                        std::size_t max_depth);

/// The canonical text of a tree.
[[nodiscard]] std::string model_write(const json_node& node);

/// RFC 7396, section 2, word for word.
[[nodiscard]] json_node model_merge(json_node target, const json_node& patch);

/// The canonical text of a number literal, by strtod and printf; or the refusal.
[[nodiscard]] std::expected<std::string, errc> model_number(const std::string& literal);

}  // namespace keelson::test
