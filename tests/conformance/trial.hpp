#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "backends/registry.hpp"

namespace keelson::conformance {

/// An engine as the suite tries it. A new engine takes part with one line in trial.cpp.
struct subject {
  std::string_view scheme;
  /// The URL of a place that nobody used before, in the folder of the trial.
  std::string (*fresh_url)(const std::filesystem::path& folder);
  /// Puts what is not ours at the URL's place; null where a fresh place cannot hold such a thing.
  void (*plant_foreign)(const backends::store_location& location);
  /// Why it cannot be tried here, such as a server that is not installed; empty if it can. Null
  /// where nothing is needed.
  std::string (*lack)() = nullptr;
  /// A server keeps it, so that a process may open what another one has open.
  bool served = false;
};
/// Those of this build that can be tried; `memory` is the first. What is left out is said once, on
/// standard error. With KEELSON_TEST_ALL_STORES=1 a test fails then.
[[nodiscard]] std::span<const subject> subjects();
/// Those that can be a primary.
[[nodiscard]] std::vector<subject> primaries();
/// A line for each that cannot be tried: its scheme, a blank and why.
[[nodiscard]] std::vector<std::string> left_out();

/// A folder that goes with the object.
class temporary_folder {
 public:
  temporary_folder();
  ~temporary_folder();
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

inline constexpr std::string_view first_epoch = "aaaaaaaa";

/// A fresh place of one engine.
class trial {
 public:
  explicit trial(const subject& of);
  [[nodiscard]] const subject& of() const noexcept { return of_; }
  [[nodiscard]] const backends::engine& engine() const noexcept { return *engine_; }
  [[nodiscard]] const backends::store_location& location() const noexcept { return location_; }
  /// The mark of a primary if the engine can be one, else that of a secondary.
  [[nodiscard]] backends::ownership owner() const;
  [[nodiscard]] result<backends::place> inspect() const { return engine_->inspect(location_); }
  [[nodiscard]] result<std::shared_ptr<backends::store>> open(
      const backends::ownership& owner,
      backends::foreign_policy policy = backends::foreign_policy::refuse) const {
    return engine_->open(location_, owner, policy, first_epoch);
  }

 private:
  const subject& of_;
  temporary_folder folder_;
  const backends::engine* engine_;
  backends::store_location location_;
};

[[nodiscard]] backends::ownership primary_owner();
[[nodiscard]] backends::ownership secondary_owner();

/// What a result holds; ends the test with its error if it failed.
template <class T>
T must(result<T> done) {
  if (!done) FAIL(to_string(done.error().code) << ": " << done.error().detail);
  return std::move(*done);
}
inline void must(result<void> done) {
  if (!done) FAIL(to_string(done.error().code) << ": " << done.error().detail);
}

/// The code that a call failed with; ends the test if it did not fail.
template <class T>
errc code_of(const result<T>& done) {
  if (done) FAIL("the call succeeded");
  return done.error().code;
}

}  // namespace keelson::conformance
