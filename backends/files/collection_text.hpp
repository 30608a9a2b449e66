#pragma once

#include <map>
#include <string>
#include <string_view>

#include "protocols/model/error.hpp"

namespace keelson::backends::files {

/// Keys and canonical values, in the order of the keys' bytes.
using key_values = std::map<std::string, std::string, std::less<>>;

/// The text of a collection's file: a JSON object with a line for each document, so that an editor
/// and a comparison of lines show what changed. Empty for no documents.
[[nodiscard]] std::string collection_text(const key_values& documents);

/// The bytes that a document takes in it, with its part of the line.
[[nodiscard]] std::size_t line_bytes(std::string_view key, std::string_view value);

/// Reads any JSON object whose names can be keys, however it is laid out. Fails with store_corrupt
/// and with what is wrong at which byte.
[[nodiscard]] result<key_values> parse_collection(std::string_view text);

}  // namespace keelson::backends::files
