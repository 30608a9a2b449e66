#pragma once

#include <filesystem>

#include "backends/memory/ordered_tree.hpp"
#include "protocols/model/error.hpp"

/// A whole tree in a file. Format 1, numbers in little endian:
///
///     "keelson memory 1\n"
///     for each pair in order: 1 (1 byte), size of the key (4), size of the value (4), key, value
///     0 (1 byte), number of pairs (8), SHA-256 over keys and values as field_hasher makes it (32)
namespace keelson::backends::memory {

/// The empty tree when there is no file. store_corrupt when it is damaged or of another format,
/// store_io when it cannot be read.
[[nodiscard]] result<tree> read_backup(const std::filesystem::path& path);

/// The file is replaced in one step: a failure leaves the old one.
[[nodiscard]] result<void> write_backup(const std::filesystem::path& path, const tree& root);

}  // namespace keelson::backends::memory
