#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keelson::backends::postgres {

/// An array as a parameter takes it, in PostgreSQL's binary format (array_send in
/// src/backend/utils/adt/arrayfuncs.c): dimensions, whether there are NULLs, the elements' type; of
/// the one dimension its size and lower bound; each element with its length in front.
class array_parameter {
 public:
  /// Types of elements, by their fixed numbers (src/include/catalog/pg_type.dat).
  enum class type : std::uint32_t {
    boolean = 16,
    bytea = 17,
    bigint = 20,
    smallint = 21,
    integer = 23,
    text = 25,
    jsonb = 3802,
  };

  explicit array_parameter(type of);
  void clear();
  void add(std::string_view bytes);
  void add_number(std::uint64_t value);  ///< to any type of integer
  void add_json(std::string_view text);
  void add_flag(bool value);
  void add_null();
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  /// Valid until the next change.
  [[nodiscard]] std::string_view encoded();

 private:
  void add_size(std::size_t bytes);

  type of_;
  std::uint32_t count_ = 0;
  bool nulls_ = false;
  std::string buffer_;
};

/// The parameters of one statement, in binary format. What is given as bytes or as an array is not
/// copied and has to outlive the call.
class parameters {
 public:
  parameters& number(std::uint64_t value);  ///< a bigint
  parameters& number(std::int64_t value) { return number(static_cast<std::uint64_t>(value)); }
  parameters& bytes(std::string_view value);  ///< a text or bytea
  parameters& array(array_parameter& value) { return bytes(value.encoded()); }

  [[nodiscard]] int count() const noexcept { return static_cast<int>(values_.size()); }
  /// As libpq takes them; valid until the next change.
  [[nodiscard]] const char* const* values();
  [[nodiscard]] const int* lengths() const noexcept { return lengths_.data(); }
  [[nodiscard]] const int* formats() const noexcept { return formats_.data(); }

 private:
  struct number_at {
    std::size_t parameter;
    std::size_t offset;
  };
  void add(const char* value, std::size_t size);

  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  std::vector<number_at> numbers_;
  std::string number_bytes_;
};

}  // namespace keelson::backends::postgres
