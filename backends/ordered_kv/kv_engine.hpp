#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "protocols/model/error.hpp"

/// A primary and a secondary over any ordered key-value engine. An engine implements the three
/// classes of this file; everything above them is written once.
namespace keelson::backends::ordered_kv {

/// Takes the value of the key with this index. The bytes are the engine's and gone afterwards.
using value_sink = std::function<result<void>(std::size_t index, std::string_view value)>;

enum class step : std::uint8_t { go_on, stop };

/// Takes one pair; both views are the engine's and gone afterwards.
using pair_visitor = std::function<result<step>(std::string_view key, std::string_view value)>;

enum class direction : std::uint8_t { forward, backward };

/// The keys from `first` to before `end`, in the order of their bytes (as unsigned numbers). An
/// empty `end` is none; nothing lies between a `first` and an `end` that is not behind it.
struct key_range {
  std::string first;
  std::string end;
};

/// What one reader sees. It belongs to one thread and may not outlive its engine.
class kv_view {
 public:
  virtual ~kv_view() = default;
  /// Calls `sink` once for each key that exists, in any order. A failure of the sink ends it.
  [[nodiscard]] virtual result<void> get(std::span<const std::string_view> keys,
                                         const value_sink& sink) = 0;
  /// Calls `visit` for the pairs of the range until it says stop or fails.
  [[nodiscard]] virtual result<void> visit(const key_range& range, direction order,
                                           const pair_visitor& visit) = 0;
};

/// Writes that take effect together. Reused from one to the next; belongs to one thread.
class kv_batch {
 public:
  virtual ~kv_batch() = default;
  virtual void clear() = 0;
  /// Copies both. Later calls for the same key win.
  virtual void put(std::string_view key, std::string_view value) = 0;
  virtual void remove(std::string_view key) = 0;
};

enum class write_mode : std::uint8_t {
  unsynced,  ///< visible when write() returns, durable after the next sync
  synced,    ///< durable when write() returns, as far as the engine is durable at all
};

/// One opened key-value engine; shared by threads. Its failures are store_io, store_corrupt and
/// storage_full as store.hpp means them.
class kv_engine {
 public:
  virtual ~kv_engine() = default;
  /// One point, whatever is written meanwhile.
  [[nodiscard]] virtual std::unique_ptr<kv_view> snapshot() = 0;
  /// Each call sees what is newest; cheaper than a snapshot.
  [[nodiscard]] virtual std::unique_ptr<kv_view> latest() = 0;
  [[nodiscard]] virtual std::unique_ptr<kv_batch> new_batch() = 0;
  /// All of the batch (one of this engine's) or nothing.
  [[nodiscard]] virtual result<void> write(kv_batch& batch, write_mode mode) = 0;
  /// Makes every earlier write durable.
  [[nodiscard]] virtual result<void> sync() = 0;

  /// Held from reading what a write depends on until it is written.
  [[nodiscard]] std::mutex& writing() { return writing_; }

 private:
  std::mutex writing_;
};

}  // namespace keelson::backends::ordered_kv
