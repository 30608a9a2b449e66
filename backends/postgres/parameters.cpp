#include "backends/postgres/parameters.hpp"

#include <concepts>

namespace keelson::backends::postgres {

namespace {

constexpr std::size_t header_bytes = 20;

/// In network byte order.
template <std::unsigned_integral Number>
void append(std::string& out, Number value) {
  for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift & 0xffU);
  }
}

}  // namespace

array_parameter::array_parameter(type of) : of_(of) {
  clear();
}

void array_parameter::clear() {
  count_ = 0;
  nulls_ = false;
  buffer_.assign(header_bytes, '\0');
}

void array_parameter::add_size(std::size_t bytes) {
  ++count_;
  append(buffer_, static_cast<std::uint32_t>(bytes));
}

void array_parameter::add(std::string_view bytes) {
  add_size(bytes.size());
  buffer_ += bytes;
}

void array_parameter::add_json(std::string_view text) {
  constexpr char version = 1;  // of jsonb_recv's format
  add_size(text.size() + 1);
  buffer_ += version;
  buffer_ += text;
}

void array_parameter::add_number(std::uint64_t value) {
  switch (of_) {
    case type::smallint:
      add_size(2);
      return append(buffer_, static_cast<std::uint16_t>(value));
    case type::integer:
      add_size(4);
      return append(buffer_, static_cast<std::uint32_t>(value));
    default:
      add_size(8);
      return append(buffer_, value);
  }
}

void array_parameter::add_flag(bool value) {
  add_size(1);
  buffer_ += static_cast<char>(value);
}

void array_parameter::add_null() {
  nulls_ = true;
  ++count_;
  append(buffer_, ~std::uint32_t{0});
}

std::string_view array_parameter::encoded() {
  std::string header;
  append(header, std::uint32_t{count_ > 0});
  append(header, std::uint32_t{nulls_});
  append(header, static_cast<std::uint32_t>(of_));
  append(header, count_);
  append(header, std::uint32_t{1});
  buffer_.replace(0, header_bytes, header);
  constexpr std::size_t of_empty = 12;
  return count_ > 0 ? std::string_view(buffer_) : std::string_view(buffer_).substr(0, of_empty);
}

void parameters::add(const char* value, std::size_t size) {
  values_.push_back(value);
  lengths_.push_back(static_cast<int>(size));
  formats_.push_back(1);
}

parameters& parameters::number(std::uint64_t value) {
  numbers_.push_back({values_.size(), number_bytes_.size()});
  append(number_bytes_, value);
  add(nullptr, sizeof value);
  return *this;
}

parameters& parameters::bytes(std::string_view value) {
  // Not even an empty value may be a null pointer, which is NULL.
  add(value.data() != nullptr ? value.data() : "", value.size());
  return *this;
}

const char* const* parameters::values() {
  for (const auto& [parameter, offset] : numbers_) {
    values_[parameter] = number_bytes_.data() + offset;
  }
  return values_.data();
}

}  // namespace keelson::backends::postgres
