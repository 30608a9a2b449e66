#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/model/log_record.hpp"

namespace keelson::wire {

/// Where one change lies in its block, and what a filter or a reader of the feed has to know of it.
struct encoded_change {
  sequence at;
  sequence commit_end;      ///< the last sequence of its commit
  std::uint32_t text = 0;   ///< begin of the text: a comma, then the object
  std::uint32_t value = 0;  ///< begin of `,"value":…`; empty for a delete
  std::uint32_t tail = 0;   ///< begin of what closes the object, `,"more":true` included
  std::uint32_t text_end = 0;
  std::uint32_t name = 0;  ///< begin of collection and key, as they are
  std::uint32_t key = 0;
  std::uint32_t name_end = 0;
};

/// Consecutive changes of one epoch with their JSON text, made once and shared by all who send it.
/// A commit is never split between blocks. Immutable; shared by threads.
class change_block {
 public:
  /// From a committed group.
  [[nodiscard]] static std::shared_ptr<const change_block> encode(const committed_group& group);
  /// From records that were picked out of the log between two commits' ends; `commit_ends` has one
  /// entry a record.
  [[nodiscard]] static std::shared_ptr<const change_block> encode(
      const position& from, const position& to, std::span<const log_record> records,
      std::span<const sequence> commit_ends);

  [[nodiscard]] const std::string& epoch() const noexcept { return epoch_; }
  [[nodiscard]] sequence from() const noexcept { return from_; }
  [[nodiscard]] sequence to() const noexcept { return to_; }
  [[nodiscard]] std::span<const encoded_change> changes() const noexcept { return changes_; }
  [[nodiscard]] std::size_t memory() const noexcept;

  [[nodiscard]] std::string_view collection(const encoded_change& c) const noexcept {
    return std::string_view(names_).substr(c.name, c.key - c.name);
  }
  [[nodiscard]] std::string_view key(const encoded_change& c) const noexcept {
    return std::string_view(names_).substr(c.key, c.name_end - c.key);
  }
  /// The object up to its value, a comma in front.
  [[nodiscard]] std::string_view head(const encoded_change& c) const noexcept {
    return slice(c.text, c.value);
  }
  /// `,"value":…`
  [[nodiscard]] std::string_view value(const encoded_change& c) const noexcept {
    return slice(c.value, c.tail);
  }
  /// The whole text, a comma in front, marked as it is when no filter is set: with `"more":true`
  /// unless it is the last of its commit in this block. Texts of neighbours touch.
  [[nodiscard]] std::string_view whole(const encoded_change& c) const noexcept {
    return slice(c.text, c.text_end);
  }
  /// True if whole() carries `"more":true`.
  [[nodiscard]] bool marked(const encoded_change& c) const noexcept {
    return c.text_end > c.tail + 1;
  }

 private:
  [[nodiscard]] std::string_view slice(std::uint32_t begin, std::uint32_t end) const noexcept {
    return std::string_view(text_).substr(begin, end - begin);
  }
  void add(const log_record& record, sequence commit_end, std::string_view tail);

  std::string epoch_;
  sequence from_;
  sequence to_;
  std::string text_;
  std::string names_;
  std::vector<encoded_change> changes_;
};

/// What closes a change that is followed by more of its commit, and one that is not.
inline constexpr std::string_view tail_with_more = ",\"more\":true}";
inline constexpr std::string_view tail_alone = "}";

}  // namespace keelson::wire
