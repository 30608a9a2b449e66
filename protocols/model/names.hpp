#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>

#include "protocols/model/error.hpp"

namespace keelson {

inline constexpr std::size_t default_max_key_bytes = 512;

/// The name of a collection: `[a-z][a-z0-9_-]{0,62}`.
class collection_name {
 public:
  collection_name() = default;
  /// Fails with invalid_collection.
  [[nodiscard]] static result<collection_name> parse(std::string_view text);
  /// For text that was checked before, such as what a store of ours gave back.
  [[nodiscard]] static collection_name trusted(std::string text) {
    return collection_name(std::move(text));
  }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  auto operator<=>(const collection_name&) const = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, collection_name& x) {
    return f(x.text_);
  }

 private:
  explicit collection_name(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// The key of a document: 1 to 512 bytes of UTF-8 without U+0000; ordered by its bytes.
class document_key {
 public:
  document_key() = default;
  /// Fails with invalid_key.
  [[nodiscard]] static result<document_key> parse(std::string_view text,
                                                  std::size_t max_bytes = default_max_key_bytes);
  /// For text that was checked before, such as what a store of ours gave back.
  [[nodiscard]] static document_key trusted(std::string text) {
    return document_key(std::move(text));
  }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  auto operator<=>(const document_key&) const = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, document_key& x) {
    return f(x.text_);
  }

 private:
  explicit document_key(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// Where a document lives. Ordered by collection, then by the bytes of the key.
struct document_id {
  collection_name collection;
  document_key key;
  auto operator<=>(const document_id&) const = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, document_id& x) {
    return f(x.collection, x.key);
  }
};

struct document_id_hash {
  [[nodiscard]] std::size_t operator()(const document_id& id) const noexcept {
    const std::hash<std::string_view> hash;
    return hash(id.key.text()) * 31 + hash(id.collection.text());
  }
};

}  // namespace keelson
