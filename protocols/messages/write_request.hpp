#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocols/messages/answer.hpp"
#include "protocols/model/hash.hpp"
#include "protocols/model/position.hpp"

namespace keelson::messages {

enum class write_op : std::uint8_t {
  put,
  patch,   ///< RFC 7396, `value` being the canonical patch; not_found when there is no document
  remove,  ///< not_found when there is no document, unless `absence` says ignore
  check,   ///< changes nothing: only its precondition counts
};

enum class precondition : std::uint8_t {
  none,
  exists,
  missing,
  version_is,
};

/// What it means for an operation when there is no document, or, for `if_absent`, when there is.
enum class unmet : std::uint8_t {
  fail,  ///< the request fails
  skip,  ///< the operation is no change
};

struct write_operation {
  write_op op = write_op::put;
  document_id id;
  std::string value;   ///< canonical JSON, for put and patch
  hash256 value_hash;  ///< of `value`, for put
  precondition condition = precondition::none;
  version expected;              ///< with version_is
  unmet if_unmet = unmet::fail;  ///< of the condition, and of a remove without a document

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, write_operation& x) {
    return f(x.op, x.id, x.value, x.value_hash, x.condition, x.expected, x.if_unmet);
  }
};

/// Bulk lines take at most half of a group while others wait.
enum class write_lane : std::uint8_t { interactive, bulk };

/// One request: its operations take effect all or none, as one commit.
struct write_request {
  request_context context;
  std::vector<write_operation> operations;
  std::string idempotency_key;  ///< empty: none. Its scope is context.principal
  hash256 fingerprint;          ///< over method, path, query, preconditions and canonical body
  write_lane lane = write_lane::interactive;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, write_request& x) {
    return f(x.context, x.operations, x.idempotency_key, x.fingerprint, x.lane);
  }
};

enum class write_effect : std::uint8_t { created, replaced, removed, unchanged, checked };

struct operation_outcome {
  write_effect effect = write_effect::unchanged;
  version now;  ///< of the change; of a check: of the document; 0: no change, no document

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, operation_outcome& x) {
    return f(x.effect, x.now);
  }
};

/// The receipt of one request. Sent when everything it was decided over is durable.
struct write_receipt {
  position at;                              ///< of the commit; the present one when nothing changed
  std::vector<operation_outcome> outcomes;  ///< one an operation
  std::string repeated_key;  ///< of the first operation, when this answer was given before under
                             ///< its idempotency key; empty: decided now

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, write_receipt& x) {
    return f(x.at, x.outcomes, x.repeated_key);
  }
};

/// Requests that came in one turn of an event loop; each is a commit of its own.
struct write_batch {
  std::vector<write_request> requests;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, write_batch& x) {
    return f(x.requests);
  }
};

/// One answer a request, in the same order.
struct write_receipts {
  std::vector<answer<write_receipt>> answers;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, write_receipts& x) {
    return f(x.answers);
  }
};

}  // namespace keelson::messages
