#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace keelson::http {

/// Bytes between a socket and a parser. Whoever takes bytes keeps the views; room() may move them.
class read_buffer {
 public:
  struct space {
    char* data;
    std::size_t size;
  };

  [[nodiscard]] std::string_view view() const noexcept {
    return {data_.get() + begin_, end_ - begin_};
  }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }

  /// Room for at least one byte and, as far as `most` in all allows, for `wanted`.
  [[nodiscard]] space room(std::size_t wanted, std::size_t most) {
    if (capacity_ - end_ < wanted) make_room(wanted, most);
    return {data_.get() + end_, capacity_ - end_};
  }
  void put(std::size_t bytes) noexcept { end_ += bytes; }

  void take(std::size_t bytes) noexcept {
    begin_ += bytes;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    const space to = room(bytes.size(), view().size() + bytes.size());
    std::memcpy(to.data, bytes.data(), bytes.size());
    put(bytes.size());
  }

  /// Gives the memory back.
  void release() noexcept {
    data_.reset();
    capacity_ = begin_ = end_ = 0;
  }

 private:
  void make_room(std::size_t wanted, std::size_t most) {
    const std::size_t used = end_ - begin_;
    if (capacity_ - used < wanted && capacity_ < most) {
      const std::size_t capacity = std::min(most, std::max(2 * capacity_, used + wanted));
      auto bigger = std::make_unique_for_overwrite<char[]>(capacity);
      if (used != 0) std::memcpy(bigger.get(), data_.get() + begin_, used);
      data_ = std::move(bigger);
      capacity_ = capacity;
    } else if (used != 0 && begin_ != 0) {
      std::memmove(data_.get(), data_.get() + begin_, used);
    }
    begin_ = 0;
    end_ = used;
  }

  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace keelson::http
