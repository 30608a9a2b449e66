#pragma once

#include <memory>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "backends/memory/memory_engine.hpp"

namespace keelson::decorator_tests {

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

[[nodiscard]] inline std::shared_ptr<backends::store> new_store(backends::store_role role) {
  return must(backends::memory::memory_engine().open(
      {.url = "memory:"}, {.log_id = "log", .role = role, .name = "name"},
      backends::foreign_policy::refuse, "aaaaaaaa"));
}

[[nodiscard]] inline document_id id_of(std::string key) {
  return {collection_name::trusted("c"), document_key::trusted(std::move(key))};
}

/// Applies one document after what is there.
[[nodiscard]] inline result<void> put(backends::secondary_session& session, std::string key) {
  const auto state = session.state();
  if (!state) return std::unexpected(state.error());
  auto next = state->point;
  next.what = backends::store_point::phase::applied;
  next.at.at = {"aaaaaaaa", next.at.at.at.next()};
  const document written{
      .id = id_of(std::move(key)), .version = next.at.at.at, .value = "{\"n\":1}"};
  const auto row = backends::row_of(written);
  return session.apply({.expected = state->point, .next = next, .rows = {&row, 1}});
}

/// Commits one row of the system table.
[[nodiscard]] inline result<void> note(backends::primary_session& session, std::string key) {
  const auto meta = session.meta();
  if (!meta) return std::unexpected(meta.error());
  const backends::system_write row{std::move(key), "x"};
  return session.commit({.expected_last = meta->last,
                         .expected_term = meta->term,
                         .system = {&row, 1},
                         .next = *meta});
}

}  // namespace keelson::decorator_tests
