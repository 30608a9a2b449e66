#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hiredis/read.h>

#include "protocols/model/error.hpp"

namespace keelson::backends::redis {

/// What the server answered to one command.
struct reply {
  enum class kind : std::uint8_t { nil, text, number, list, failure };
  kind what = kind::nil;
  std::int64_t number = 0;
  std::string text;  ///< also a status such as OK, and what failed
  std::vector<reply> items;

  [[nodiscard]] bool failed() const noexcept { return what == kind::failure; }
  /// Absent unless this is a list with such an item that is a text.
  [[nodiscard]] std::optional<std::string_view> text_at(std::size_t item) const;
  [[nodiscard]] std::uint64_t count() const noexcept {
    return number > 0 ? static_cast<std::uint64_t>(number) : 0;
  }
};

/// What the server refused, as an error of ours: nothing of the command took effect.
[[nodiscard]] error to_error(const reply& refusal);

/// Makes replies of bytes, with hiredis' parser and without its objects.
class reply_reader {
 public:
  reply_reader();
  reply_reader(reply_reader&&) noexcept = default;
  reply_reader& operator=(reply_reader&&) = delete;

  [[nodiscard]] result<void> feed(std::span<const char> bytes);
  /// Absent until there are enough bytes.
  [[nodiscard]] result<std::optional<reply>> next();

 private:
  struct free_reader {
    void operator()(redisReader* reader) const { redisReaderFree(reader); }
  };
  std::unique_ptr<reply> root_ = std::make_unique<reply>();  ///< stays where it is
  std::unique_ptr<redisReader, free_reader> reader_;
};

}  // namespace keelson::backends::redis
