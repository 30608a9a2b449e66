#pragma once

#include <deque>
#include <string>
#include <vector>

#include "actors/validator/options.hpp"
#include "actors/validator/piece.hpp"
#include "protocols/messages/verification.hpp"

namespace keelson::validator {

/// What a pass has to do next for one secondary.
enum class pass_step : std::uint8_t {
  piece,   ///< compare the next piece
  relook,  ///< look again at the documents of take_relook()
  wait,    ///< for time to pass
  finish,  ///< nothing: the part has its final state
};

/// A full comparison with one secondary: the scan in pieces, then looks at what was pending or
/// unknown until nothing is or the grace is over. Every document is in exactly one of the counts
/// at any time. Pure: told the results and the time, says what to do.
class pass_part {
 public:
  pass_part(const compared_secondary& secondary, std::string collection,
            const validator_options& options);

  [[nodiscard]] pass_step next(moment now);
  [[nodiscard]] const piece_request& next_piece() const noexcept { return request_; }
  /// The documents of the next look, at most `most`.
  [[nodiscard]] const std::vector<judgement>& take_relook(std::size_t most);

  void add_piece(const piece_result& piece, moment now);
  /// Takes the place of what take_relook() gave.
  void add_relook(const std::vector<judgement>& judged, const position& to);
  void stop();

  [[nodiscard]] const std::string& name() const noexcept { return report_.name; }
  [[nodiscard]] bool running() const noexcept {
    return report_.state == messages::pass_state::running;
  }
  [[nodiscard]] messages::secondary_report report() const;
  /// What was compared so far, as a part of 1.
  [[nodiscard]] double progress() const noexcept;

 private:
  void count(const judgement& judged);
  void finish();
  void settle(messages::pass_state state);

  const validator_options& options_;
  piece_request request_;
  messages::secondary_report report_;  ///< its counts without what waits
  std::uint64_t seen_ = 0;             ///< documents in the pieces so far
  std::uint64_t total_ = 0;            ///< on the primary, for the progress
  bool scanning_ = true;
  moment scan_end_{};
  moment next_round_{};
  std::vector<judgement> looked_at_;  ///< until add_relook()
  std::deque<judgement> round_;       ///< to be looked at now
  std::deque<judgement> waiting_;     ///< for the round after it
};

}  // namespace keelson::validator
