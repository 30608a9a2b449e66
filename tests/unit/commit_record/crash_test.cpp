#include <catch2/catch.hpp>

#include "tests/conformance/trial.hpp"
#include "tests/unit/commit_record/run.hpp"

using namespace keelson;
using namespace keelson::backends;
using namespace keelson::backends::commit_record;
using namespace keelson::conformance;

namespace {

/// Every kind of change, over each other, and trims between them.
const std::vector<operation>& script() {
  static const std::vector<operation> all{
      commit({{put("c", "a", "1"), put("c", "b", "2")}, {put("d", "a", "3")}}, {{"r/1", "x"}}),
      commit({{put("c", "a", "4"), removal("c", "b"), put("c", "c", "5")}}, {{"r/2", "y"}}),
      take_over(),
      commit({}, {{"r/1", std::nullopt}, {"r/3", ""}}),
      trim_through(3),
      commit({{put("c", "b", "6")}, {removal("c", "b"), removal("d", "a")}}),
      trim_through(8),
      commit({{put("c", "b", "7"), removal("c", "c")}}, {{"r/1", "z"}}),
      trim_through(100),
      commit({{put("d", "a", "8")}}),
  };
  return all;
}

/// Runs the script with one fate at one step, and goes on until the script is through. Each time
/// something fails, what is there has to be what was before the operation or what is behind it.
class interrupted_run {
 public:
  interrupted_run(std::size_t at, fate how) : at_(at), how_(how) {}

  void run() {
    const auto& expected = states();
    std::size_t done = 0;
    while (done < script().size()) {
      bool failed = false;
      try {
        failed = !go_on(done);
      } catch (const killed&) {
        failed = true;
      }
      if (!failed) continue;
      const auto seen_before = read_contents(*open_on(disk_));  // by readers, before any repair
      const bool took_place = seen_before == expected[std::min(done + 1, script().size())];
      if (!took_place) REQUIRE((seen_before == expected[done]));
      done += took_place ? 1 : 0;
      const auto reopened = open_on(disk_);
      must(must(reopened->open_primary())->meta());
      REQUIRE((read_contents(*reopened) == expected[done]));
    }
    REQUIRE((read_contents(*open_on(disk_)) == expected.back()));
    REQUIRE(step_ > at_);  // the fate came over it
  }

  static const std::vector<contents>& states() {
    static const auto all = expected_contents(script());
    return all;
  }

 private:
  /// False when an operation failed.
  bool go_on(std::size_t& done) {
    const auto decide = [this](std::string_view) { return step_++ == at_ ? how_ : fate::done; };
    const auto opened = open_store(std::make_shared<memory_records>(disk_, decide), {}, "here",
                                   primary_owner(), foreign_policy::refuse, first_epoch);
    if (!opened) return false;
    const auto session = (*opened)->open_primary();
    if (!session) return false;
    for (; done < script().size(); ++done) {
      if (!script()[done](**session, states()[done])) return false;
    }
    return true;
  }

  std::shared_ptr<record_disk> disk_ = std::make_shared<record_disk>();
  std::size_t step_ = 0;
  std::size_t at_;
  fate how_;
};

}  // namespace

TEST_CASE("whatever fails at whatever step, a commit is there as a whole or not at all") {
  const auto how = GENERATE(fate::killed_before, fate::lost_request, fate::lost_answer);
  const auto steps = steps_of(script());
  REQUIRE(steps > 60);
  for (std::size_t at = 0; at < steps; ++at) {
    CAPTURE(static_cast<int>(how), at);
    interrupted_run(at, how).run();
  }
}

TEST_CASE("a session goes on by itself after an answer was lost") {
  const auto& expected = interrupted_run::states();
  const auto steps = steps_of(script());
  for (std::size_t at = 0; at < steps; ++at) {
    CAPTURE(at);
    const auto disk = std::make_shared<record_disk>();
    const auto first = open_on(disk);  // what fails is in the script
    std::size_t step = 0;
    const auto decide = [&](std::string_view) {
      return step++ == at ? fate::lost_answer : fate::done;
    };
    const auto store = open_store(std::make_shared<memory_records>(disk, decide), {}, "here",
                                  primary_owner(), foreign_policy::refuse, first_epoch);
    if (!store) continue;
    const auto session = (*store)->open_primary();
    if (!session) continue;
    for (std::size_t done = 0; done < script().size();) {
      const auto outcome = script()[done](**session, expected[done]);
      if (outcome) {
        ++done;
        continue;
      }
      const auto code = outcome.error().code;
      REQUIRE((code == errc::outcome_unknown || code == errc::unavailable));
      const auto meta = must((*session)->meta());
      if (meta == expected[done + 1].meta) ++done;
      REQUIRE(meta == expected[done].meta);
    }
    REQUIRE((read_contents(*first) == expected.back()));
  }
}

TEST_CASE("readers see an unfinished record's rows, in pages too, until it is finished") {
  const auto disk = std::make_shared<record_disk>();
  const auto first = open_on(disk);
  const auto script_part = std::vector<operation>{
      commit({{put("c", "a", "1"), put("c", "c", "3"), put("c", "e", "5")}}),
      commit({{put("c", "b", "2"), removal("c", "c"), put("c", "e", "6"), put("d", "a", "7")}})};
  const auto expected = expected_contents(script_part);
  {
    const auto session = must(first->open_primary());
    must(script_part[0](*session, expected[0]));
  }
  const auto decide = [](std::string_view step) {
    return step == "raise" ? fate::lost_request : fate::done;
  };
  const auto broken = open_on(disk, decide);
  const auto session = must(broken->open_primary());
  const auto lost = script_part[1](*session, expected[1]);
  REQUIRE_FALSE(lost);
  CHECK(lost.error().code == errc::outcome_unknown);

  const auto reader = must(broken->open_reader());
  for (const auto direction : {scan_direction::forward, scan_direction::backward}) {
    for (std::size_t size = 1; size < 6; ++size) {
      CAPTURE(size);
      scan_request request{.max_documents = size, .direction = direction};
      std::string keys;
      for (;;) {
        const auto page = must(reader->scan(request));
        for (const auto& each : page.documents) keys += each.id.key.text() + each.value + ' ';
        REQUIRE((page.at_end || page.documents.size() == size));
        if (page.at_end) break;
        request.after = page.documents.back().id;
      }
      CHECK(keys == (direction == scan_direction::forward ? "a1 b2 e6 a7 " : "a7 e6 b2 a1 "));
    }
  }
  const std::vector ids{id_of("c", "c"), id_of("c", "e"), id_of("c", "e")};
  const auto read = must(reader->get(ids));
  CHECK_FALSE(read.documents[0]);
  CHECK(read.documents[1]->value == "6");
  CHECK(read.documents[2]->value == "6");
  CHECK(code_of(reader->get(ids, 1)) == errc::too_large);
}
