#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/model/error.hpp"

namespace keelson::client {

/// One line of a text, without its end.
struct text_line {
  std::uint64_t number = 0;  ///< from 1
  std::uint64_t end = 0;     ///< offset of the byte behind its end, unpacked
  std::string_view text;     ///< valid until the next call; cut off when `too_long`
  bool too_long = false;
};

/// Reads a file or stream line by line in constant memory. A file that begins as gzip does is
/// unpacked (RFC 1952, several members too).
class line_reader {
 public:
  /// Fails with invalid_parameter when the file cannot be read.
  [[nodiscard]] static result<line_reader> open(const std::string& path, std::size_t longest);
  /// `from` outlives the reader; its size is not known.
  [[nodiscard]] static line_reader over(std::istream& from, std::size_t longest);

  line_reader(line_reader&&) noexcept;
  line_reader& operator=(line_reader&&) noexcept;
  ~line_reader();

  /// The next line; nothing at the end. Fails with store_io when reading fails or what is packed
  /// is damaged or cut off.
  [[nodiscard]] result<std::optional<text_line>> next();

  /// Goes on behind a line that was read earlier: `lines` have been, the last of which ended at
  /// `offset`. Only before the first call of next().
  [[nodiscard]] result<void> skip(std::uint64_t lines, std::uint64_t offset);

  /// How much of the file has been read, packed as it is, in 0..1; negative if unknown.
  [[nodiscard]] double fraction() const;

 private:
  class state;
  explicit line_reader(std::unique_ptr<state> made);

  std::unique_ptr<state> state_;
};

}  // namespace keelson::client
