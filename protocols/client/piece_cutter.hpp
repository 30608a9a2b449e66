#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocols/client/line_reader.hpp"
#include "protocols/model/error.hpp"

namespace keelson::client {

/// A line that will not be written, and why.
struct bad_line {
  std::uint64_t line = 0;
  std::string code;
  std::string detail;
};

/// One put of a batch.
struct put_operation {
  std::uint64_t line = 0;
  std::string key;   ///< as a JSON string in canonical form
  std::string text;  ///< the operation as JSON
};

/// Up to where a file has been dealt with.
struct file_mark {
  std::uint64_t pieces = 0;
  std::uint64_t lines = 0;
  std::uint64_t offset = 0;  ///< in bytes, unpacked

  bool operator==(const file_mark&) const = default;
};

/// Consecutive lines of the file that go to the service as one batch.
struct piece {
  std::uint64_t number = 0;
  std::vector<put_operation> operations;
  std::vector<bad_line> bad_lines;
  file_mark end;
};

struct piece_limits {
  std::size_t lines = 1000;
  std::size_t bytes = 8UL << 20;  ///< of the whole body of the batch
};

/// The body of POST /v1/batch for some operations of a piece.
[[nodiscard]] std::string batch_body(std::span<const put_operation* const> operations);

/// Cuts lines into pieces. The same lines, collection, key field and limits always give the same
/// pieces, also when cutting goes on from the end of an earlier piece: an idempotency key made of
/// a load's id and a piece's number therefore always stands for the same body.
class piece_cutter {
 public:
  /// `key_field` names the member that holds the key, the line being the value; when it is empty,
  /// lines are {"key":…,"value":…}.
  piece_cutter(line_reader lines, const std::string& collection, const std::string& key_field,
               piece_limits limits = {});

  /// Goes on behind the piece that ended at `mark`; before the first call of next().
  [[nodiscard]] result<void> skip_to(const file_mark& mark);

  /// The next piece; nothing at the end of the lines.
  [[nodiscard]] result<std::optional<piece>> next();

  [[nodiscard]] double fraction() const { return lines_.fraction(); }

 private:
  using cut_line = std::expected<put_operation, bad_line>;

  [[nodiscard]] cut_line cut(const text_line& line) const;
  void take(piece& into, cut_line&& line, std::uint64_t number, std::uint64_t end);

  struct held_line {
    cut_line line;
    std::uint64_t number;
    std::uint64_t end;
  };

  line_reader lines_;
  std::string head_;        ///< of each operation, up to its key
  std::string key_member_;  ///< as it stands in canonical JSON, without quotes
  bool whole_line_is_value_;
  piece_limits limits_;
  std::optional<held_line> held_;  ///< did not fit into the piece before
  file_mark mark_;
  std::size_t body_bytes_ = 0;
};

}  // namespace keelson::client
