#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/model/document.hpp"
#include "protocols/model/hash.hpp"

/// The wire format of a record: one byte with the format's number, then fields, then a zero byte.
///
///     field    = tag, then a number or bytes
///     tag      = LEB128 of 2 * NUMBER (a number follows) or 2 * NUMBER + 1 (bytes follow)
///     number   = LEB128, unsigned; signed ones in zigzag form first
///     bytes    = LEB128 of their length, then they
///
/// Fields that are zero or empty are left out, and a reader skips those it does not know, so a
/// record can grow. No record is the beginning of another: what is cut off is always noticed.
/// LEB128 and zigzag are as in the Protocol Buffers encoding.
namespace keelson::backends::ordered_kv {

/// Appends one record to `out`.
class field_writer {
 public:
  explicit field_writer(std::string& out);
  field_writer& number(unsigned field, std::uint64_t value);
  field_writer& time(unsigned field, timestamp value);
  field_writer& bytes(unsigned field, std::string_view value);
  field_writer& hash(unsigned field, const hash256& value);
  void end();

 private:
  std::string& out_;
};

/// Goes through the fields of one record. What is wrong with it is remembered and told at the end.
class field_reader {
 public:
  explicit field_reader(std::string_view record);

  /// Moves to the next field; false at the end and at damage.
  [[nodiscard]] bool next();
  [[nodiscard]] std::uint64_t field() const noexcept { return field_; }

  /// The present field, if it is of the kind that is asked for; else the record is damaged.
  void take(std::uint64_t& out);
  void take(timestamp& out);
  void take(std::string_view& out);
  void take(std::string& out);
  void take(hash256& out);

  /// Says that a value cannot be right.
  void refuse() noexcept { state_ = state::damaged; }

  /// After the last field: store_corrupt for a damaged record, store_mismatch for one with a format
  /// number that this build does not know. `what` names it in the sentence.
  [[nodiscard]] result<void> outcome(std::string_view what) const;

 private:
  enum class state : std::uint8_t { open, complete, damaged, other_format };

  [[nodiscard]] bool read_number(std::uint64_t& out) noexcept;

  std::string_view rest_;
  std::uint64_t field_ = 0;
  std::uint64_t number_ = 0;
  std::string_view bytes_;
  bool is_bytes_ = false;
  state state_ = state::open;
};

}  // namespace keelson::backends::ordered_kv
