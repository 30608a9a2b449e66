#pragma once

#include <string>
#include <string_view>

#include "backends/store.hpp"

/// The `_id` of documents and rows: printable text of one byte a character, so that every server
/// sorts it by our order, whatever its strings are made of. Bytes from 0x7e on are written as `~`
/// and two hexadecimal digits, all others stand for themselves:
///
///     documents   COLLECTION KEY    with a blank between them, which no collection has
///     rows        KEY
namespace keelson::backends::mongo {

[[nodiscard]] std::string sortable(std::string_view bytes);
/// The bytes again; what no sortable() wrote comes out as it is.
[[nodiscard]] std::string from_sortable(std::string_view text);

[[nodiscard]] std::string document_identifier(const document_id& id);
/// Before all keys of the collection that begin with `prefix`, without the prefix before all.
[[nodiscard]] std::string first_identifier(std::string_view collection, std::string_view prefix);
/// Behind every text that begins with `sortable`: no sortable text has this byte.
[[nodiscard]] inline std::string behind(std::string sortable) {
  return std::move(sortable) + '\x7f';
}

}  // namespace keelson::backends::mongo
