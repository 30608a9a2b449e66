#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/client/commands.hpp"
#include "protocols/client/http_message.hpp"
#include "protocols/model/error.hpp"

namespace keelson::client {

/// Items a request: pages of documents of 1 MiB still fit into memory.
inline constexpr std::uint64_t page_items = 250;

/// A page of a collection, as slices of the answer it came in.
struct document_page {
  std::vector<std::string_view> items;
  std::string next;  ///< empty at the end
  std::string position;
};

[[nodiscard]] http_request document_page_request(const list_options& options,
                                                 const std::string& after, std::uint64_t items);

/// Fails with internal when `body` is none.
[[nodiscard]] result<document_page> parse_document_page(std::string_view body);

}  // namespace keelson::client
