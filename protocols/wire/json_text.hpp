#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "protocols/model/canonical_json.hpp"
#include "protocols/model/position.hpp"

namespace keelson::wire {

inline void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

/// Writes a JSON object member by member, in the order of the calls. Names need no escapes.
class json_object {
 public:
  json_object() = default;
  explicit json_object(std::size_t size) { out_.reserve(size); }

  void text(std::string_view name, std::string_view value) {
    append_json_string(begin(name), value);
  }
  void number(std::string_view name, std::uint64_t value) { append_number(begin(name), value); }
  /// With three decimals at most.
  void decimal(std::string_view name, double value) {
    char digits[32];
    const double rounded = static_cast<double>(static_cast<std::int64_t>(value * 1000)) / 1000;
    begin(name).append(digits, std::to_chars(digits, digits + sizeof digits, rounded).ptr);
  }
  /// As text, null where there is none yet.
  void position(std::string_view name, const keelson::position& at) {
    at.epoch.empty() ? raw(name, "null") : text(name, at.text());
  }
  /// `value` is JSON.
  void raw(std::string_view name, std::string_view value) { begin(name).append(value); }

  /// The name with its colon; the value is to be appended to what is returned.
  std::string& begin(std::string_view name) {
    out_.append(out_.empty() ? "{\"" : ",\"").append(name).append("\":");
    return out_;
  }

  /// An array whose elements `append` writes one by one.
  template <class Range, class Append>
  void array(std::string_view name, const Range& elements, Append append) {
    begin(name).push_back('[');
    const std::size_t first = out_.size();
    for (const auto& element : elements) {
      if (out_.size() != first) out_.push_back(',');
      append(out_, element);
    }
    out_.push_back(']');
  }

  [[nodiscard]] std::string finish() && {
    out_.append(out_.empty() ? "{}" : "}");
    return std::move(out_);
  }

 private:
  std::string out_;
};

}  // namespace keelson::wire
