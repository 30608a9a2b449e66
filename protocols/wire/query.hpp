#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/model/error.hpp"

namespace keelson::wire {

/// Decodes `%XX` once. Nothing if an escape is not two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

/// Appends `text` so that it stands for itself in one segment of a path.
void append_percent_encoded(std::string& out, std::string_view text);

/// The parameters of a query in the order they came.
class query {
 public:
  struct parameter {
    std::string name;
    std::string value;
  };

  /// `application/x-www-form-urlencoded` (WHATWG URL): `+` is a space. Names and values are
  /// well-formed UTF-8 without U+0000, else invalid_parameter.
  [[nodiscard]] static result<query> parse(std::string_view text);

  /// The first value of that name; null: absent.
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept;
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
  [[nodiscard]] const std::vector<parameter>& parameters() const noexcept { return parameters_; }

 private:
  std::vector<parameter> parameters_;
};

}  // namespace keelson::wire
