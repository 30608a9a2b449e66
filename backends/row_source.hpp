#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "protocols/model/error.hpp"

/// Somebody else's rows, read to be copied. Nothing is written where they are.
namespace keelson::backends {

/// Which rows, and from where on.
struct source_request {
  std::string url;
  std::filesystem::path folder;  ///< in which a relative path of the URL lies
  std::string from;       ///< the table, collection or pattern of keys; empty if none is named
  std::string key_field;  ///< the column or member that is the key; empty: the row's own
  std::string after;      ///< the mark of an earlier page; empty: all rows
};

struct source_row {
  std::string key;
  std::string value;  ///< JSON, not yet in canonical form
};

/// A row that cannot become a document.
struct refused_row {
  std::string where;  ///< its key, or what there is of it
  std::string why;
};

struct source_page {
  std::vector<source_row> rows;
  std::vector<refused_row> refused;
  std::string mark;  ///< what to go on after, also in another process; empty: from the beginning

  [[nodiscard]] bool empty() const { return rows.empty() && refused.empty(); }
};

/// One pass over the rows. Blocking; belongs to one thread.
class row_source {
 public:
  virtual ~row_source() = default;
  /// How many there are, if that is quickly known.
  [[nodiscard]] virtual result<std::optional<std::uint64_t>> count() = 0;
  /// The next rows, at most `most` of them and few bytes beyond `most_bytes`; an empty page is the
  /// end. Fails with unavailable or store_io when they cannot be read.
  [[nodiscard]] virtual result<source_page> read(std::size_t most, std::size_t most_bytes) = 0;
};

}  // namespace keelson::backends
