#include "protocols/wire/status_code.hpp"

namespace keelson::wire {

errc shown_code(errc code) noexcept {
  switch (code) {
    case errc::store_io:
    case errc::store_corrupt:
    case errc::store_foreign:
    case errc::store_mismatch:
    case errc::wrong_position:
    case errc::fenced:
      return errc::unavailable;
    default:
      return code;
  }
}

unsigned status_of(errc code) noexcept {
  switch (shown_code(code)) {
    case errc::invalid_json:
    case errc::number_out_of_range:
    case errc::invalid_key:
    case errc::invalid_collection:
    case errc::invalid_parameter:
    case errc::invalid_position:
      return 400;
    case errc::unauthenticated:
      return 401;
    case errc::forbidden:
      return 403;
    case errc::not_found:
      return 404;
    case errc::method_not_allowed:
      return 405;
    case errc::busy:
    case errc::superseded:
    case errc::confirmation_required:
      return 409;
    case errc::history_lost:
      return 410;
    case errc::precondition_failed:
      return 412;
    case errc::too_large:
      return 413;
    case errc::unsupported_media_type:
      return 415;
    case errc::idempotency_mismatch:
      return 422;
    case errc::too_many_requests:
      return 429;
    case errc::head_too_large:
      return 431;
    case errc::not_supported:
      return 501;
    case errc::overloaded:
    case errc::unavailable:
      return 503;
    case errc::outcome_unknown:
    case errc::position_not_reached:
      return 504;
    case errc::storage_full:
      return 507;
    default:
      return 500;
  }
}

std::string_view reason_phrase(unsigned status) noexcept {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 507:
      return "Insufficient Storage";
    default:
      return "Internal Server Error";
  }
}

}  // namespace keelson::wire
