#include "backends/postgres/sqlstate.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace keelson::backends::postgres {

namespace {

errc code_of(std::string_view state) {
  constexpr std::array<std::string_view, 6> passing{
      "40001",  // serialization_failure
      "40P01",  // deadlock_detected
      "55P03",  // lock_not_available
      "57014",  // query_canceled, also by statement_timeout
      "53200",  // out_of_memory
      "53300",  // too_many_connections
  };
  if (state == "53100") return errc::storage_full;
  if (std::ranges::find(passing, state) != passing.end()) return errc::unavailable;
  if (state.starts_with("XX") && state != "XX000") return errc::store_corrupt;
  if (state == "42501") return errc::store_io;  // insufficient_privilege
  if (state.starts_with("42") || state == "3F000") return errc::store_corrupt;
  if (state.starts_with("22") || state.starts_with("23")) return errc::internal;
  return errc::store_io;
}

}  // namespace

error to_error(const PGresult* failed, std::string_view doing) {
  const auto field = [&](int which) -> std::string_view {
    const char* const text = PQresultErrorField(failed, which);
    return text != nullptr ? text : "";
  };
  const auto state = field(PG_DIAG_SQLSTATE);
  // The primary message alone: the others may quote values.
  std::string detail = "PostgreSQL cannot ";
  detail.append(doing).append(": ").append(field(PG_DIAG_MESSAGE_PRIMARY));
  if (!state.empty()) detail.append(" (").append(state).append(")");
  return {.code = code_of(state), .detail = std::move(detail)};
}

std::string one_line(std::string_view text, std::string_view password) {
  std::string line(text);
  while (!line.empty() && line.back() == '\n') line.pop_back();
  std::ranges::replace(line, '\n', ' ');
  std::ranges::replace(line, '\t', ' ');
  if (password.empty()) return line;
  for (auto at = line.find(password); at != std::string::npos; at = line.find(password, at)) {
    line.replace(at, password.size(), "***");
    at += 3;
  }
  return line;
}

}  // namespace keelson::backends::postgres
