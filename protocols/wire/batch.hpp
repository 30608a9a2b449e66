#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/messages/read_request.hpp"
#include "protocols/messages/write_request.hpp"
#include "protocols/wire/limits.hpp"

namespace keelson::wire {

struct batch_body {
  std::vector<messages::write_operation> operations;
  std::string canonical;  ///< the whole body: what a fingerprint covers
};

/// `{"operations":[{"op","collection","key","value"?,"if_version"?}]}`. Failures of one operation
/// carry its index. Members that are not of the contract are refused, since a misspelt condition
/// must not be none.
[[nodiscard]] result<batch_body> parse_batch(std::string_view body, const content_limits& limits);

/// `{"collection","keys":[…]}`; context and minimum are left to the caller.
[[nodiscard]] result<messages::get_many_request> parse_get_many(std::string_view body,
                                                                const content_limits& limits);

}  // namespace keelson::wire
