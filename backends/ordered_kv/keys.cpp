#include "backends/ordered_kv/keys.hpp"

#include <algorithm>
#include <utility>

namespace keelson::backends::ordered_kv {

namespace {

constexpr char document_table = 'd';
constexpr char log_table = 'l';
constexpr char system_table = 's';

/// The smallest key behind all that begin with `prefix`, whose first byte is a table's.
std::string behind(std::string prefix) {
  while (static_cast<unsigned char>(prefix.back()) == 0xff) prefix.pop_back();
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

/// The smallest key after `key`.
std::string just_after(std::string key) {
  key.push_back('\0');
  return key;
}

std::string document_key_of(const document_id& id) {
  std::string key;
  append_document_key(key, id);
  return key;
}

std::string log_key_of(sequence at) {
  std::string key;
  append_log_key(key, at);
  return key;
}

}  // namespace

void append_document_key(std::string& out, const document_id& id) {
  out.push_back(document_table);
  out.append(id.collection.text());
  out.push_back('\0');
  out.append(id.key.text());
}

result<document_id> parse_document_key(std::string_view key) {
  const auto zero = key.find('\0');
  if (zero == std::string_view::npos || zero < 2 || key.front() != document_table) {
    return fail(errc::store_corrupt, "a key in the table of documents names no document");
  }
  return document_id{collection_name::trusted(std::string(key.substr(1, zero - 1))),
                     document_key::trusted(std::string(key.substr(zero + 1)))};
}

void append_log_key(std::string& out, sequence at) {
  out.push_back(log_table);
  for (int shift = 56; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((at.value >> shift) & 0xff));
  }
}

result<sequence> parse_log_key(std::string_view key) {
  if (key.size() != 9 || key.front() != log_table) {
    return fail(errc::store_corrupt, "a key in the log's table is not a sequence");
  }
  sequence at;
  for (const char byte : key.substr(1)) {
    at.value = at.value << 8 | static_cast<unsigned char>(byte);
  }
  return at;
}

void append_system_key(std::string& out, std::string_view key) {
  out.push_back(system_table);
  out.append(key);
}

key_range range_of(const scan_request& request) {
  key_range range;
  range.first = document_table;
  if (!request.collection.empty()) {
    range.first.append(request.collection).push_back('\0');
    range.first.append(request.prefix);
  }
  range.end = behind(range.first);
  const auto raise_first = [&](std::string key) {
    if (range.first < key) range.first = std::move(key);
  };
  const auto lower_end = [&](std::string key) {
    if (key < range.end) range.end = std::move(key);
  };
  const bool forward = request.direction == scan_direction::forward;
  if (request.after && forward) raise_first(just_after(document_key_of(*request.after)));
  if (request.after && !forward) lower_end(document_key_of(*request.after));
  if (request.until && forward) lower_end(just_after(document_key_of(*request.until)));
  if (request.until && !forward) raise_first(document_key_of(*request.until));
  return range;
}

key_range log_range(sequence after, std::optional<sequence> through) {
  return {just_after(log_key_of(after)),
          through ? just_after(log_key_of(*through)) : behind(std::string(1, log_table))};
}

key_range system_range(std::string_view prefix, std::string_view after) {
  key_range range;
  append_system_key(range.first, prefix);
  range.end = behind(range.first);
  if (!after.empty()) {
    std::string last;
    append_system_key(last, after);
    range.first = std::max(range.first, just_after(std::move(last)));
  }
  return range;
}

std::span<const std::string_view> key_list::views() {
  views_.clear();
  std::size_t begin = 0;
  for (const auto end : ends_) {
    views_.push_back(std::string_view(bytes_).substr(begin, end - begin));
    begin = end;
  }
  return views_;
}

}  // namespace keelson::backends::ordered_kv
