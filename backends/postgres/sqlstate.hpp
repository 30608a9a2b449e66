#pragma once

#include <string_view>

#include <libpq-fe.h>

#include "protocols/model/error.hpp"

namespace keelson::backends::postgres {

/// What an answer of the server that is no success means. Codes:
/// https://www.postgresql.org/docs/15/errcodes-appendix.html. storage_full, unavailable (a lock or
/// time-out, a server that starts or stops), store_corrupt (damage, or tables that are not as ours
/// are), internal (a value that the server refuses), else store_io.
[[nodiscard]] error to_error(const PGresult* failed, std::string_view doing);

/// libpq's text on one line, without the password.
[[nodiscard]] std::string one_line(std::string_view text, std::string_view password);

}  // namespace keelson::backends::postgres
