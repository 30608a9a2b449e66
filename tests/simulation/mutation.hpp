#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace keelson::test {

/// What is made wrong on purpose, now and then, to see whether the simulation notices.
enum class mutation : std::uint8_t {
  none,
  // The primary's store:
  forgets_commit,  ///< says yes and does nothing
  forgets_row,     ///< the log says more than the documents
  forgets_record,  ///< the documents say more than the log
  denies_commit,   ///< does it and says that it surely did not
  hides_commit,    ///< leaves a commit out when the log is read
  hides_document,  ///< leaves a document out of a page
  syncs_late,      ///< a power cut takes what was acknowledged
  // The secondary's store:
  skips_change,  ///< moves its point without one of the changes
  brings_back,   ///< applies an old change of a document once more
  stays_behind,  ///< moves its point and applies nothing
  // Between the feed and a subscriber:
  repeats_piece,
  drops_piece,
  shifts_bookmark,  ///< tells of a position beyond what was sent
  // The world around the service:
  hides_restore,   ///< an earlier primary, and nothing left that knows better
  agrees_unasked,  ///< confirms the rebuild of a secondary that is ahead before anybody looked
  count_
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(mutation::count_)>
    mutation_words{"none",          "forgets_commit",  "forgets_row",    "forgets_record",
                   "denies_commit", "hides_commit",    "hides_document", "syncs_late",
                   "skips_change",  "brings_back",     "stays_behind",   "repeats_piece",
                   "drops_piece",   "shifts_bookmark", "hides_restore",  "agrees_unasked"};

[[nodiscard]] constexpr std::string_view to_string(mutation of) noexcept {
  return mutation_words[static_cast<std::size_t>(of)];
}

}  // namespace keelson::test
