#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/model/json_text_buffer.hpp"

namespace keelson {

/// Builds a canonical text from the parts of a JSON text in their order of arrival. Values go
/// straight into the text, each followed by a comma that its container takes back; an object is
/// put in order when it ends, and only if its members did not arrive in order.
class json_writer {
 public:
  void clear() noexcept;

  /// Gives back what an unusually large text left behind.
  void shrink() noexcept;

  /// The text; complete after the end of the outermost value.
  [[nodiscard]] std::string_view view() const noexcept;

  /// Where the next piece of a value goes: a whole scalar, or a piece of a string.
  [[nodiscard]] json_text_buffer& text() noexcept { return text_; }

  void end_scalar() { text_.push_back(','); }

  void begin_array() { text_.push_back('['); }
  void end_array() { close(']'); }

  void begin_object();
  /// False if a name occurred twice; repeated_name() tells which.
  [[nodiscard]] bool end_object();
  /// As it stands between the quotes.
  [[nodiscard]] std::string_view repeated_name() const noexcept { return repeated_; }

  /// The name's characters go into text() between these two.
  void begin_name();
  void end_name();
  /// Says that the name being written needed an escape, so its order is not that of its bytes.
  void note_escape_in_name() noexcept { members_.back().escaped = true; }

 private:
  struct member {
    std::size_t begin;          // of the opening quote, in text_
    std::size_t name_size = 0;  // between the quotes
    std::size_t size = 0;       // of all, with the comma behind the value; set before sorting
    bool escaped = false;
  };

  struct open_object {
    std::size_t first_member;
    bool sorted = true;
  };

  void close(char bracket);
  [[nodiscard]] std::string_view name(const member& of) const noexcept;
  [[nodiscard]] bool less(const member& a, const member& b) const noexcept;
  [[nodiscard]] bool sort_members(std::size_t first);

  json_text_buffer text_;
  json_text_buffer moved_;
  std::vector<member> members_;  // of all open objects, the innermost last
  std::vector<open_object> open_;
  std::string repeated_;
};

}  // namespace keelson
