#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace keelson {

/// Growing text that is written in small pieces and used again: what std::string costs in calls
/// for pieces of a few bytes is more than the rest of the canonical form.
class json_text_buffer {
 public:
  void clear() noexcept { size_ = 0; }

  void push_back(char c) {
    if (size_ == capacity_) grow(1);
    data_[size_++] = c;
  }

  void append(std::string_view text) {
    if (text.size() > capacity_ - size_) grow(text.size());
    std::memcpy(data_.get() + size_, text.data(), text.size());
    size_ += text.size();
  }

  /// Keeps the first `size` bytes.
  void truncate(std::size_t size) noexcept { size_ = size; }

  /// Gives memory above `limit` bytes back; the text is gone then.
  void shrink(std::size_t limit) noexcept {
    if (capacity_ <= limit) return;
    data_.reset();
    size_ = capacity_ = 0;
  }

  [[nodiscard]] char* data() noexcept { return data_.get(); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::string_view view() const noexcept { return {data_.get(), size_}; }

 private:
  void grow(std::size_t more) {
    const std::size_t capacity = std::max<std::size_t>({256, 2 * capacity_, size_ + more});
    auto data = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_ != 0) std::memcpy(data.get(), data_.get(), size_);
    data_ = std::move(data);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace keelson
