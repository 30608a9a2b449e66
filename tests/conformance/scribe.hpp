#pragma once

#include <memory>
#include <vector>

#include "tests/conformance/history.hpp"
#include "tests/conformance/trial.hpp"

namespace keelson::conformance {

/// Writes a history into a fresh place: as its primary where the engine can be one, else as its
/// secondary. For what both roles have to do alike.
class scribe {
 public:
  explicit scribe(const trial& place) : scribe(place.location()) {}
  explicit scribe(const backends::store_location& location);

  /// Ends the test if it fails.
  void commit(const std::vector<commit_plan>& commits);
  void sync();
  /// What is wrong; for other threads than the test's own.
  [[nodiscard]] result<void> write(const group& planned);
  [[nodiscard]] history& log() noexcept { return log_; }
  /// That the store says what was written.
  void check_point();

  [[nodiscard]] std::unique_ptr<backends::store_reader> reader() const;
  /// Null for a secondary.
  [[nodiscard]] std::unique_ptr<backends::primary_reader> log_reader() const;
  /// The sessions stay open.
  void close_store() { store_.reset(); }
  void close_session();

 private:
  std::shared_ptr<backends::store> store_;
  std::unique_ptr<backends::primary_session> primary_;
  std::unique_ptr<backends::secondary_session> secondary_;
  history log_;
  backends::store_point stands_;  ///< of a secondary
};

}  // namespace keelson::conformance
