#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace keelson {

/// Every way in which a request or a store call can fail. The first part is the closed table of
/// the API; the rest never leaves the service under its own name (the wire layer shows
/// `unavailable`), but tells the actors what to do.
enum class errc : std::uint8_t {
  invalid_json = 1,
  number_out_of_range,
  invalid_key,
  invalid_collection,
  invalid_parameter,
  invalid_position,
  unauthenticated,
  forbidden,
  not_found,
  method_not_allowed,
  busy,
  superseded,
  confirmation_required,
  history_lost,
  precondition_failed,
  too_large,
  unsupported_media_type,
  idempotency_mismatch,
  head_too_large,
  too_many_requests,
  not_supported,
  overloaded,
  unavailable,
  outcome_unknown,
  position_not_reached,
  storage_full,
  internal,

  store_io,        ///< the engine failed; close the store and open it again
  store_corrupt,   ///< the engine or one of our records is damaged
  store_foreign,   ///< what lies there is not ours: do not write
  store_mismatch,  ///< ours, but of another log, role, name or format
  wrong_position,  ///< an apply whose `expected` state is not the store's
  fenced,          ///< a commit whose expected last sequence or term is not the store's
  last_ = fenced
};

/// The word of the API for a code, such as `precondition_failed`.
[[nodiscard]] std::string_view to_string(errc code) noexcept;

/// A failure: what, in which words for a person, and the members that some answers carry.
struct error {
  errc code = errc::internal;
  std::string detail;                 ///< one sentence for the person who sent the request
  std::int64_t index = -1;            ///< of the operation in a batch; -1: none
  std::int64_t present_version = -1;  ///< with precondition_failed; 0: missing; -1: none
  std::string oldest;                 ///< with history_lost: the smallest position `since` accepts

  bool operator==(const error&) const = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, error& x) {
    return f(x.code, x.detail, x.index, x.present_version, x.oldest);
  }
};

template <class T>
using result = std::expected<T, error>;

/// The failed arm of a result, from a code and a sentence.
[[nodiscard]] inline std::unexpected<error> fail(errc code, std::string detail) {
  return std::unexpected(error{.code = code, .detail = std::move(detail)});
}

/// Hands the failure of one result on as that of another type.
template <class T>
[[nodiscard]] std::unexpected<error> pass_on(result<T>&& failed) {
  return std::unexpected(std::move(failed).error());
}

}  // namespace keelson
