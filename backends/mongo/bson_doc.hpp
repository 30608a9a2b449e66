#pragma once

#include <cstdint>
#include <string_view>

#include <bson/bson.h>

namespace keelson::backends::mongo {

/// A BSON document that is built member by member; see bsonspec.org for the types.
class bson_doc {
 public:
  bson_doc() { bson_init(&doc_); }
  ~bson_doc() { bson_destroy(&doc_); }
  bson_doc(const bson_doc&) = delete;
  bson_doc& operator=(const bson_doc&) = delete;

  bson_doc& text(std::string_view name, std::string_view value) {
    bson_append_utf8(&doc_, name.data(), size(name), value.data(), size(value));
    return *this;
  }
  /// As int64, which every number of ours fits.
  bson_doc& number(std::string_view name, std::uint64_t value) {
    bson_append_int64(&doc_, name.data(), size(name), static_cast<std::int64_t>(value));
    return *this;
  }
  bson_doc& flag(std::string_view name, bool value) {
    bson_append_bool(&doc_, name.data(), size(name), value);
    return *this;
  }
  bson_doc& bytes(std::string_view name, std::string_view value) {
    bson_append_binary(&doc_, name.data(), size(name), BSON_SUBTYPE_BINARY,
                       reinterpret_cast<const std::uint8_t*>(value.data()),
                       static_cast<std::uint32_t>(value.size()));
    return *this;
  }
  bson_doc& object(std::string_view name, const bson_doc& value) {
    bson_append_document(&doc_, name.data(), size(name), value.get());
    return *this;
  }
  bson_doc& array(std::string_view name, const bson_doc& value) {
    bson_append_array(&doc_, name.data(), size(name), value.get());
    return *this;
  }

  [[nodiscard]] const bson_t* get() const noexcept { return &doc_; }
  [[nodiscard]] bson_t* get() noexcept { return &doc_; }

 private:
  static int size(std::string_view text) { return static_cast<int>(text.size()); }
  bson_t doc_;
};

/// Members of a document that a server gave back, by name. Absent or of another type: empty or 0.
class bson_members {
 public:
  explicit bson_members(const bson_t* of) : of_(of) {}

  [[nodiscard]] const bson_t* get() const noexcept { return of_; }
  [[nodiscard]] bool has(const char* name) const {
    bson_iter_t at;
    return bson_iter_init_find(&at, of_, name);
  }
  [[nodiscard]] std::string_view text(const char* name) const;
  [[nodiscard]] std::string_view bytes(const char* name) const;
  [[nodiscard]] std::uint64_t number(const char* name) const;
  [[nodiscard]] bool flag(const char* name) const;
  /// False if it is absent or no object.
  [[nodiscard]] bool object(const char* name, bson_t& out) const;

 private:
  const bson_t* of_;
};

}  // namespace keelson::backends::mongo
