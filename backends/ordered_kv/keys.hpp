#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backends/ordered_kv/kv_engine.hpp"
#include "backends/store.hpp"

/// The layout of keys. The first byte is the table:
///
///     d COLLECTION 0x00 KEY     a document
///     l SEQUENCE                a log record; 8 bytes, big-endian
///     s KEY                     a row of the system table
///     m WORD                    one of our own rows: owner, primary, secondary
///
/// Byte order is the order of document_id: 0x00 comes before every byte of a collection's name.
namespace keelson::backends::ordered_kv {

inline constexpr std::string_view owner_key = "mowner";
inline constexpr std::string_view primary_key = "mprimary";
inline constexpr std::string_view secondary_key = "msecondary";

void append_document_key(std::string& out, const document_id& id);
/// store_corrupt if `key` is not one of a document.
[[nodiscard]] result<document_id> parse_document_key(std::string_view key);

void append_log_key(std::string& out, sequence at);
/// store_corrupt if `key` is not one of a log record.
[[nodiscard]] result<sequence> parse_log_key(std::string_view key);

void append_system_key(std::string& out, std::string_view key);

/// The key of the system table behind a key of the engine.
[[nodiscard]] inline std::string_view system_key_of(std::string_view key) {
  return key.substr(1);
}

[[nodiscard]] key_range range_of(const scan_request& request);
/// The records after `after`, up to and with `through` where it is given.
[[nodiscard]] key_range log_range(sequence after, std::optional<sequence> through = {});
[[nodiscard]] key_range system_range(std::string_view prefix, std::string_view after);

/// Keys one behind the other in one buffer, which is used again.
class key_list {
 public:
  void clear() {
    bytes_.clear();
    ends_.clear();
  }
  void add(std::string_view key) {
    bytes_.append(key);
    ends_.push_back(bytes_.size());
  }
  void add_document(const document_id& id) {
    append_document_key(bytes_, id);
    ends_.push_back(bytes_.size());
  }
  void add_system(std::string_view key) {
    append_system_key(bytes_, key);
    ends_.push_back(bytes_.size());
  }
  /// Valid until the next change.
  [[nodiscard]] std::span<const std::string_view> views();

 private:
  std::string bytes_;
  std::vector<std::size_t> ends_;
  std::vector<std::string_view> views_;
};

}  // namespace keelson::backends::ordered_kv
