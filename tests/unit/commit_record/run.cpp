#include "tests/unit/commit_record/run.hpp"

#include <utility>

#include "tests/conformance/trial.hpp"

namespace keelson::backends::commit_record {

using namespace conformance;

namespace {

constexpr capabilities abilities{.transactional = true, .ordered_scan = true, .primary = true};

/// A group over contents that were read.
group plan_over(const contents& before, const std::vector<commit_plan>& commits) {
  history log(before.meta);
  group known{.before = before.meta, .next = before.meta, .records = {}, .system = {}};
  for (const auto& document : before.documents) {
    known.records.push_back({.at = document.version,
                             .time = document.time,
                             .id = document.id,
                             .hash_after = document.hash,
                             .meta = document.meta,
                             .value = document.value});
  }
  log.accept(known);
  return log.plan(commits);
}

}  // namespace

contents read_contents(store& of) {
  contents found;
  const auto reader = must(of.open_primary_reader());
  found.documents = must(reader->scan({})).documents;
  auto slice = must(reader->read_log({}, 1000, 1 << 20));
  found.meta = std::move(slice.meta);
  found.log = std::move(slice.records);
  for (auto& row : must(reader->system_rows("", "", 1000))) {
    found.system.emplace(std::move(row.key), std::move(row.value));
  }
  std::vector<document_id> ids;
  for (const auto& document : found.documents) ids.push_back(document.id);
  const auto singly = must(reader->get(ids));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    REQUIRE(singly.documents[i] == found.documents[i]);
    scan_request before{.until = ids[i], .max_documents = 1};
    before.direction = scan_direction::backward;
    REQUIRE(must(reader->scan(before)).documents.size() == 1);
  }
  return found;
}

operation commit(const std::vector<commit_plan>& commits, const std::vector<system_write>& system) {
  return [=](primary_session& session, const contents& before) {
    auto planned = plan_over(before, commits);
    planned.system = system;
    return commit_group(session, planned);
  };
}

operation trim_through(std::uint64_t through) {
  return [=](primary_session& session, const contents&) -> result<void> {
    auto done = session.trim({through}, 1000);
    if (!done) return pass_on(std::move(done));
    return {};
  };
}

operation take_over() {
  return [](primary_session& session, const contents& before) {
    auto planned = plan_over(before, {});
    ++planned.next.term;
    return commit_group(session, planned);
  };
}

std::shared_ptr<store> open_on(const std::shared_ptr<record_disk>& disk, fate_of_step decide) {
  return must(open_store(std::make_shared<memory_records>(disk, std::move(decide)), abilities,
                         "here", primary_owner(), foreign_policy::refuse, first_epoch));
}

std::vector<contents> expected_contents(const std::vector<operation>& script) {
  const auto disk = std::make_shared<record_disk>();
  const auto store = open_on(disk);
  const auto session = must(store->open_primary());
  std::vector<contents> all{read_contents(*store)};
  for (const auto& each : script) {
    must(each(*session, all.back()));
    all.push_back(read_contents(*store));
  }
  return all;
}

std::size_t steps_of(const std::vector<operation>& script) {
  const auto disk = std::make_shared<record_disk>();
  std::size_t steps = 0;
  const auto count = [&](std::string_view) {
    ++steps;
    return fate::done;
  };
  const auto expected = expected_contents(script);
  const auto store = open_on(disk, count);
  const auto session = must(store->open_primary());
  for (std::size_t i = 0; i < script.size(); ++i) must(script[i](*session, expected[i]));
  return steps;
}

}  // namespace keelson::backends::commit_record
