#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace keelson::backends::redis {

/// Commands as they go over the wire (RESP 2: `*WORDS`, then `$BYTES` and the word, for each), one
/// behind the other in one buffer that is used again and again.
class command_buffer {
 public:
  /// A whole command; its words are texts and whole numbers.
  template <class... Words>
  command_buffer& add(const Words&... words) {
    begin(sizeof...(words));
    (word(words), ...);
    return *this;
  }

  /// The same in pieces: that many calls of word() have to follow.
  command_buffer& begin(std::size_t words) {
    ++commands_;
    return head('*', words);
  }
  command_buffer& word(std::string_view text) {
    head('$', text.size());
    bytes_.append(text).append("\r\n");
    return *this;
  }
  command_buffer& word(std::integral auto number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return word(std::string_view(digits, static_cast<std::size_t>(end - digits)));
  }
  /// A word of two parts.
  command_buffer& word(std::string_view first, std::string_view second) {
    head('$', first.size() + second.size());
    bytes_.append(first).append(second).append("\r\n");
    return *this;
  }

  /// How many commands, and so replies.
  [[nodiscard]] std::size_t commands() const noexcept { return commands_; }
  [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }
  void clear() {
    bytes_.clear();
    commands_ = 0;
    if (bytes_.capacity() > most_kept) bytes_.shrink_to_fit();
  }

 private:
  static constexpr std::size_t most_kept = std::size_t{16} << 20;

  command_buffer& head(char mark, std::size_t count) {
    char text[24];
    text[0] = mark;
    auto* const end = std::to_chars(text + 1, text + sizeof text - 2, count).ptr;
    end[0] = '\r';
    end[1] = '\n';
    bytes_.append(text, static_cast<std::size_t>(end + 2 - text));
    return *this;
  }

  std::string bytes_;
  std::size_t commands_ = 0;
};

}  // namespace keelson::backends::redis
