#pragma once

#include <expected>
#include <string_view>

#include <leveldb/status.h>

#include "protocols/model/error.hpp"

namespace keelson::backends::leveldb {

/// Whether a file could not grow.
[[nodiscard]] bool is_out_of_space(const ::leveldb::Status& status);

/// A failure of the library in our words: storage_full, store_corrupt, unavailable when another
/// opening holds the database's lock, otherwise store_io. `doing` says during what, as in
/// "writing".
[[nodiscard]] std::unexpected<error> failed(std::string_view doing,
                                            const ::leveldb::Status& status);

}  // namespace keelson::backends::leveldb
