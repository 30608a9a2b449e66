#include "protocols/model/error.hpp"

namespace keelson {

std::string_view to_string(errc code) noexcept {
  switch (code) {
    case errc::invalid_json:
      return "invalid_json";
    case errc::number_out_of_range:
      return "number_out_of_range";
    case errc::invalid_key:
      return "invalid_key";
    case errc::invalid_collection:
      return "invalid_collection";
    case errc::invalid_parameter:
      return "invalid_parameter";
    case errc::invalid_position:
      return "invalid_position";
    case errc::unauthenticated:
      return "unauthenticated";
    case errc::forbidden:
      return "forbidden";
    case errc::not_found:
      return "not_found";
    case errc::method_not_allowed:
      return "method_not_allowed";
    case errc::busy:
      return "busy";
    case errc::superseded:
      return "superseded";
    case errc::confirmation_required:
      return "confirmation_required";
    case errc::history_lost:
      return "history_lost";
    case errc::precondition_failed:
      return "precondition_failed";
    case errc::too_large:
      return "too_large";
    case errc::unsupported_media_type:
      return "unsupported_media_type";
    case errc::idempotency_mismatch:
      return "idempotency_mismatch";
    case errc::head_too_large:
      return "head_too_large";
    case errc::too_many_requests:
      return "too_many_requests";
    case errc::not_supported:
      return "not_supported";
    case errc::overloaded:
      return "overloaded";
    case errc::unavailable:
      return "unavailable";
    case errc::outcome_unknown:
      return "outcome_unknown";
    case errc::position_not_reached:
      return "position_not_reached";
    case errc::storage_full:
      return "storage_full";
    case errc::internal:
      return "internal";
    case errc::store_io:
      return "store_io";
    case errc::store_corrupt:
      return "store_corrupt";
    case errc::store_foreign:
      return "store_foreign";
    case errc::store_mismatch:
      return "store_mismatch";
    case errc::wrong_position:
      return "wrong_position";
    case errc::fenced:
      return "fenced";
  }
  return "internal";
}

}  // namespace keelson
