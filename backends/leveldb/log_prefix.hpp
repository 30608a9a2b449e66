#pragma once

#include <cstddef>
#include <string_view>

namespace keelson::backends::leveldb {

/// How many bytes of a LevelDB log are whole records without a fault before them. The rest may be
/// what a loss of power left of writes that nobody had synced. The format is LevelDB's
/// doc/log_format.md: blocks of 32 KiB, in them records of checksum (CRC-32C of type and payload,
/// masked), length (both little-endian), type (full, first, middle, last) and payload.
[[nodiscard]] std::size_t intact_prefix(std::string_view log);

}  // namespace keelson::backends::leveldb
