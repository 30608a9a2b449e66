#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "backends/commit_record/record_engine.hpp"

namespace keelson::backends::commit_record {

/// What the next record is to hold.
struct next_record {
  sequence last;
  std::string state;
  /// Of the record itself when absent; never beyond its own number.
  std::optional<std::uint64_t> floor;
  std::span<const row_view> rows;
  std::span<const log_record> records;
  std::span<const system_write> system;
};

/// Appends records to an engine, as record_engine.hpp describes; belongs to one thread.
class record_writer {
 public:
  explicit record_writer(record_engine& engine) : engine_(&engine) {}

  /// Reads the newest record and finishes it if it is incomplete. store_corrupt if there is none.
  [[nodiscard]] result<record_head> refresh();
  /// The newest record as this writer knows it; reads it if it does not.
  [[nodiscard]] result<record_head> newest();

  /// Returns when the rows are raised. fenced and too_large: nothing was written. outcome_unknown:
  /// perhaps it was; the next call reads what is there.
  [[nodiscard]] result<void> append(const next_record& next);

 private:
  enum class standing_of : std::uint8_t {
    newest,
    followed,  ///< somebody went on from it, and so had finished it
    void_one,  ///< below the floor: its number was free only because the true one is gone
  };
  [[nodiscard]] result<standing_of> look_again(std::uint64_t number);
  [[nodiscard]] result<void> finish(const raised_rows& rows);

  record_engine* engine_;
  std::optional<record_head> known_;
};

}  // namespace keelson::backends::commit_record
