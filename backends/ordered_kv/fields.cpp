#include "backends/ordered_kv/fields.hpp"

#include <array>
#include <cstring>

namespace keelson::backends::ordered_kv {

namespace {

constexpr char record_format = 1;
constexpr std::size_t longest_number = 10;

std::size_t put_number(char* out, std::uint64_t value) {
  std::size_t size = 0;
  while (value >= 0x80) {
    out[size++] = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out[size++] = static_cast<char>(value);
  return size;
}

}  // namespace

field_writer::field_writer(std::string& out) : out_(out) {
  out_.push_back(record_format);
}

field_writer& field_writer::number(unsigned field, std::uint64_t value) {
  if (value == 0) return *this;
  std::array<char, 2 * longest_number> head;
  auto size = put_number(head.data(), std::uint64_t{2} * field);
  size += put_number(head.data() + size, value);
  out_.append(head.data(), size);
  return *this;
}

field_writer& field_writer::time(unsigned field, timestamp value) {
  const auto bits = static_cast<std::uint64_t>(value.microseconds);
  return number(field, bits << 1 ^ (value.microseconds < 0 ? ~std::uint64_t{0} : 0));
}

field_writer& field_writer::bytes(unsigned field, std::string_view value) {
  if (value.empty()) return *this;
  std::array<char, 2 * longest_number> head;
  auto size = put_number(head.data(), std::uint64_t{2} * field + 1);
  size += put_number(head.data() + size, value.size());
  out_.append(head.data(), size);
  out_.append(value);
  return *this;
}

field_writer& field_writer::hash(unsigned field, const hash256& value) {
  return value.is_zero() ? *this : bytes(field, value.view());
}

void field_writer::end() {
  out_.push_back('\0');
}

field_reader::field_reader(std::string_view record) : rest_(record) {
  if (record.empty()) {
    state_ = state::damaged;
  } else if (record.front() != record_format) {
    state_ = state::other_format;
  } else {
    rest_.remove_prefix(1);
  }
}

bool field_reader::read_number(std::uint64_t& out) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < rest_.size() && i < longest_number; ++i) {
    const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>(rest_[i]));
    value |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      rest_.remove_prefix(i + 1);
      out = value;
      return true;
    }
  }
  state_ = state::damaged;
  return false;
}

bool field_reader::next() {
  if (state_ != state::open) return false;
  std::uint64_t tag = 0;
  if (!read_number(tag)) return false;
  if (tag == 0) {
    state_ = rest_.empty() ? state::complete : state::damaged;
    return false;
  }
  field_ = tag >> 1;
  is_bytes_ = (tag & 1) != 0;
  if (!read_number(number_)) return false;
  if (!is_bytes_) return true;
  if (number_ > rest_.size()) {
    state_ = state::damaged;
    return false;
  }
  bytes_ = rest_.substr(0, number_);
  rest_.remove_prefix(number_);
  return true;
}

void field_reader::take(std::uint64_t& out) {
  if (is_bytes_) return refuse();
  out = number_;
}

void field_reader::take(timestamp& out) {
  if (is_bytes_) return refuse();
  const auto sign = (number_ & 1) != 0 ? ~std::uint64_t{0} : 0;
  out.microseconds = static_cast<std::int64_t>(number_ >> 1 ^ sign);
}

void field_reader::take(std::string_view& out) {
  if (!is_bytes_) return refuse();
  out = bytes_;
}

void field_reader::take(std::string& out) {
  if (!is_bytes_) return refuse();
  out.assign(bytes_);
}

void field_reader::take(hash256& out) {
  if (!is_bytes_ || bytes_.size() != out.bytes.size()) return refuse();
  std::memcpy(out.bytes.data(), bytes_.data(), bytes_.size());
}

result<void> field_reader::outcome(std::string_view what) const {
  if (state_ == state::complete) return {};
  std::string detail(what);
  if (state_ == state::other_format) {
    return fail(errc::store_mismatch, std::move(detail.append(" has a format of another release")));
  }
  return fail(errc::store_corrupt, std::move(detail.append(" is damaged")));
}

}  // namespace keelson::backends::ordered_kv
