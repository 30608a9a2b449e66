#pragma once

#include <expected>
#include <string_view>

#include <rocksdb/status.h>

#include "protocols/model/error.hpp"

namespace keelson::backends::rocksdb {

/// Whether there was no room to append: then surely nothing was written. When it is a sync that
/// finds no room, what it should have made lasting may be in the file or not.
[[nodiscard]] bool is_out_of_space(const ::rocksdb::Status& status);

/// A failure of the library in our words: storage_full, store_corrupt, unavailable when another
/// opening holds the database's lock, otherwise store_io. `doing` says during what, as in
/// "writing".
[[nodiscard]] std::unexpected<error> failed(std::string_view doing,
                                            const ::rocksdb::Status& status);

}  // namespace keelson::backends::rocksdb
