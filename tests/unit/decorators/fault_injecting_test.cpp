#include "backends/decorators/fault_injecting.hpp"

#include <thread>
#include <vector>

#include "tests/unit/decorators/stores.hpp"

using namespace keelson;
using namespace keelson::backends;
using namespace keelson::decorator_tests;

namespace {

/// Whether each of `calls` calls of a plan fails.
std::vector<bool> failures(fault_plan& plan, std::size_t calls) {
  std::vector<bool> failed;
  for (std::size_t n = 0; n < calls; ++n) {
    failed.push_back(plan.begin(call_kind::commit).before.has_value());
  }
  return failed;
}

struct faulty_secondary {
  std::shared_ptr<fault_plan> plan = std::make_shared<fault_plan>();
  std::shared_ptr<store> faulty = fault_injecting(new_store(store_role::secondary), plan);
  std::unique_ptr<secondary_session> session = must(faulty->open_secondary());
  std::unique_ptr<store_reader> reader = must(faulty->open_reader());
};

}  // namespace

TEST_CASE("without a fault the store is as it is") {
  faulty_secondary s;
  must(put(*s.session, "a"));
  must(s.session->sync());
  CHECK(must(s.reader->get(std::vector{id_of("a")})).documents[0]->value == "{\"n\":1}");
  CHECK(s.faulty->abilities().snapshots);
  CHECK(s.plan->calls(call_kind::apply) == 1);
  CHECK(s.plan->calls(call_kind::sync) == 1);
  CHECK(s.plan->calls(call_kind::open) == 2);
}

TEST_CASE("the next calls of a kind fail, in the order in which it was planned") {
  faulty_secondary s;
  s.plan->fail_next(call_kind::apply, 2, errc::store_io);
  s.plan->fail_next(call_kind::apply, 1, errc::storage_full);
  CHECK(code_of(put(*s.session, "a")) == errc::store_io);
  CHECK(code_of(put(*s.session, "a")) == errc::store_io);
  CHECK(code_of(put(*s.session, "a")) == errc::storage_full);
  CHECK(must(s.reader->scan({})).documents.empty());
  must(put(*s.session, "a"));
}

TEST_CASE("a lost answer: the commit happened, and its maker does not know") {
  const auto plan = std::make_shared<fault_plan>();
  const auto store = fault_injecting(new_store(store_role::primary), plan);
  const auto session = must(store->open_primary());
  const std::vector<std::string> keys{"k"};

  plan->fail_next(call_kind::commit, 1, errc::outcome_unknown, fault_moment::before);
  CHECK(code_of(note(*session, "k")) == errc::outcome_unknown);
  CHECK_FALSE(must(session->read({}, keys)).system[0]);

  plan->fail_next(call_kind::commit, 1, errc::outcome_unknown, fault_moment::after);
  CHECK(code_of(note(*session, "k")) == errc::outcome_unknown);
  CHECK(must(session->read({}, keys)).system[0] == "x");
}

TEST_CASE("a store that is down fails every call until it is up") {
  faulty_secondary s;
  s.plan->go_down();
  CHECK(code_of(s.session->state()) == errc::store_io);
  CHECK(code_of(s.session->sync()) == errc::store_io);
  CHECK(code_of(s.reader->point()) == errc::store_io);
  CHECK(code_of(s.faulty->open_reader()) == errc::store_io);
  s.plan->come_up();
  must(put(*s.session, "a"));
}

TEST_CASE("a call hangs until it is released, and then takes effect") {
  faulty_secondary s;
  s.plan->hang(call_kind::apply);
  result<void> outcome;
  std::thread caller([&] { outcome = put(*s.session, "a"); });
  s.plan->wait_until_hanging();
  CHECK(must(s.reader->scan({})).documents.empty());
  s.plan->release();
  caller.join();
  must(outcome);
  CHECK(must(s.reader->scan({})).documents.size() == 1);
}

TEST_CASE("calling everything off also lets go of what hangs") {
  faulty_secondary s;
  s.plan->hang(call_kind::sync);
  s.plan->fail_next(call_kind::apply, 1, errc::store_io);
  std::thread caller([&] { std::ignore = s.session->sync(); });
  s.plan->wait_until_hanging();
  s.plan->call_off();
  caller.join();
  must(put(*s.session, "a"));
}

TEST_CASE("documents are lost or altered on the way out and stay as they are inside") {
  faulty_secondary s;
  for (const auto* key : {"a", "b", "c"}) must(put(*s.session, key));
  s.plan->lose(id_of("a"));
  s.plan->alter(id_of("b"), "2");
  const auto got = must(s.reader->get(std::vector{id_of("a"), id_of("b"), id_of("c")})).documents;
  CHECK_FALSE(got[0]);
  CHECK(got[1]->value == "2");
  CHECK(got[2]->value == "{\"n\":1}");
  const auto page = must(s.reader->scan({}));
  REQUIRE(page.documents.size() == 2);
  CHECK(page.documents[0].value == "2");
  CHECK(page.at_end);
  const auto bare = must(s.reader->scan({.content = scan_content::without_values}));
  CHECK(bare.documents[0].value.empty());
  s.plan->call_off();
  CHECK(must(s.reader->scan({})).documents.size() == 3);
}

TEST_CASE("chance follows the seed") {
  fault_plan first(7);
  fault_plan second(7);
  fault_plan other(8);
  for (auto* plan : {&first, &second, &other}) {
    plan->fail_randomly(call_kind::commit, 0.3, errc::store_io);
  }
  const auto seen = failures(first, 1000);
  CHECK(seen == failures(second, 1000));
  CHECK(seen != failures(other, 1000));
  const auto failed = std::count(seen.begin(), seen.end(), true);
  CHECK(failed > 200);
  CHECK(failed < 400);
}

TEST_CASE("random corruption touches the value or takes the document, and nothing else") {
  faulty_secondary s;
  for (int n = 0; n < 100; ++n) must(put(*s.session, std::to_string(n)));
  s.plan->corrupt_randomly(0.5);
  std::vector<document_id> ids;
  for (int n = 0; n < 100; ++n) ids.push_back(id_of(std::to_string(n)));
  const auto got = must(s.reader->get(ids)).documents;
  int lost = 0;
  int altered = 0;
  for (std::size_t n = 0; n < got.size(); ++n) {
    if (!got[n]) {
      ++lost;
      continue;
    }
    CHECK(got[n]->id == ids[n]);
    CHECK(got[n]->version.value == n + 1);
    if (got[n]->value != "{\"n\":1}") ++altered;
  }
  CHECK(lost > 5);
  CHECK(altered > 5);
  CHECK(lost + altered < 80);
}
