#pragma once

#include <cstddef>
#include <string_view>

namespace keelson {

/// Walks through a canonical text once, from its front. On a text that is not canonical it never
/// leaves the text, and says so by failed().
class json_cursor {
 public:
  explicit json_cursor(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
  [[nodiscard]] bool at_object() const noexcept { return rest_.starts_with('{'); }
  [[nodiscard]] bool at_null() const noexcept { return rest_.starts_with('n'); }

  /// Goes into the object that begins here; next_name() then walks through its members.
  void enter_object() noexcept;

  /// The next member's name, between its quotes, leaving the cursor at the value; or a view whose
  /// data() is null, leaving the cursor behind the object. To be called first after enter_object()
  /// and then after each value.
  [[nodiscard]] std::string_view next_name() noexcept;

  /// A whole value and the levels of arrays and objects in it (0 for a scalar).
  struct value {
    std::string_view text;
    std::size_t depth = 0;
  };
  [[nodiscard]] value take_value() noexcept;

 private:
  [[nodiscard]] std::string_view fail() noexcept;
  [[nodiscard]] std::size_t string_end(std::size_t quote) const noexcept;

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace keelson
