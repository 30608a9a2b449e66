#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "backends/commit_record/record_store.hpp"
#include "tests/conformance/history.hpp"
#include "tests/unit/commit_record/memory_records.hpp"

namespace keelson::backends::commit_record {

/// What a primary holds, as its readers see it or as it has to be.
struct contents {
  primary_meta meta;
  std::vector<document> documents;
  std::vector<log_record> log;
  std::map<std::string, std::string> system;
  bool operator==(const contents&) const = default;
};

/// Through a reader alone, which repairs nothing. Ends the test if single reads say otherwise than
/// pages, or if something cannot be read.
[[nodiscard]] contents read_contents(store& of);

/// One thing that a writer does. Takes what the store holds before it.
using operation = std::function<result<void>(primary_session& session, const contents& before)>;

[[nodiscard]] operation commit(const std::vector<conformance::commit_plan>& commits,
                               const std::vector<system_write>& system = {});
[[nodiscard]] operation trim_through(std::uint64_t through);
/// A commit without changes.
[[nodiscard]] operation take_over();

/// What has to be there after each operation of a script, the first being before all.
[[nodiscard]] std::vector<contents> expected_contents(const std::vector<operation>& script);

[[nodiscard]] std::shared_ptr<store> open_on(const std::shared_ptr<record_disk>& disk,
                                             fate_of_step decide = {});

/// How often a script runs through a step.
[[nodiscard]] std::size_t steps_of(const std::vector<operation>& script);

}  // namespace keelson::backends::commit_record
