#pragma once

#include <memory>
#include <optional>
#include <string>

#include "actors/contracts.hpp"
#include "actors/store/primary_options.hpp"
#include "backends/data_folder/mark_file.hpp"
#include "backends/store.hpp"

namespace keelson::store {

/// The primary as its writer holds it.
struct open_primary {
  std::shared_ptr<backends::store> store;
  std::unique_ptr<backends::primary_session> session;
  std::unique_ptr<backends::primary_reader> reader;
  std::optional<backends::mark_file> mark;
  backends::primary_meta meta;
};

struct opening {
  open_primary primary;
  std::optional<messages::history_replaced> replaced;
};

/// Opens the primary as its only writer: checks whose it is, raises the term, and begins a new
/// epoch when the mark file proves that history was lost or replaced. Blocks.
/// Fails with store_foreign or store_mismatch (with the way out in the detail), not_supported (an
/// engine that cannot be a primary or is volatile), or what the store said.
[[nodiscard]] result<opening> open_as_writer(const primary_options& options);

/// Judges a point that somebody kept. Does not write.
struct judgement {
  actors::testimony verdict = actors::testimony::known;
  bool news = false;  ///< of a lost branch that no epoch was begun for yet
};
[[nodiscard]] result<judgement> judge(backends::primary_reader& reader,
                                      const backends::primary_meta& meta, const log_point& kept);

/// The meta of a new epoch, above everything known.
[[nodiscard]] backends::primary_meta with_new_epoch(backends::primary_meta meta,
                                                    sequence highest_known, std::uint64_t random);

/// Writes a meta row alone. errc::fenced when another writer came first.
[[nodiscard]] result<void> commit_meta(backends::primary_session& session,
                                       const backends::primary_meta& now,
                                       const backends::primary_meta& next);

}  // namespace keelson::store
