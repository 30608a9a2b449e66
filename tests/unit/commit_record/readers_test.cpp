#include <catch2/catch.hpp>

#include "tests/conformance/trial.hpp"
#include "tests/unit/commit_record/run.hpp"

using namespace keelson;
using namespace keelson::backends;
using namespace keelson::backends::commit_record;
using namespace keelson::conformance;

namespace {

/// A primary whose newest commit was cut short, and what happens to it while somebody reads.
class busy_primary {
 public:
  busy_primary() {
    const auto first = open_on(disk);
    write(*first, commit({{put("c", "a", "1"), put("c", "b", "1"), put("c", "d", "1")}}));
    write(*first, commit({{put("c", "c", "2")}}, {{"r", "2"}}));
    const auto fails = [](std::string_view step) {
      return step == "raise" ? fate::lost_request : fate::done;
    };
    const auto broken = open_on(disk, fails);
    const auto session = must(broken->open_primary());
    const auto cut = commit({{put("c", "a", "3"), removal("c", "b")}}, {{"r", "3"}});
    REQUIRE_FALSE(cut(*session, read_contents(*first)));
    note(*first);
  }

  void go_on() {
    const auto other = open_on(disk);
    write(*other, commit({{put("c", "a", "4"), put("c", "b", "4"), removal("c", "d")}},
                         {{"r", "4"}, {"s", "4"}}));
    write(*other, trim(*other));
    write(*other, commit({{removal("c", "a"), put("c", "d", "5")}}, {{"s", std::nullopt}}));
    write(*other, trim(*other));
    write(*other, commit({{put("c", "e", "6")}}));
  }

  /// Whether a document could be found by somebody who read between these two points.
  [[nodiscard]] bool fits(const document_id& id, const std::optional<document>& found,
                          const read_span& at) const {
    const auto from = at.before.at.at.at;
    const auto to = at.after.at.at.at;
    const auto is_state_at = [&](sequence point) {
      std::optional<std::string> value;
      for (const auto& record : log) {
        if (record.id == id && record.at <= point) {
          value = record.op == change_op::put ? std::optional(record.value) : std::nullopt;
        }
      }
      return value == (found ? std::optional(found->value) : std::nullopt);
    };
    for (auto point = from; point <= to; point = point.next()) {
      if (is_state_at(point)) return true;
    }
    return false;
  }

  std::shared_ptr<record_disk> disk = std::make_shared<record_disk>();
  std::vector<log_record> log;  ///< all of it, also what was trimmed

 private:
  void write(store& on, const operation& what) {
    const auto session = must(on.open_primary());
    must(what(*session, read_contents(on)));
    note(on);
  }
  void note(store& on) {
    for (auto& record : read_contents(on).log) {
      if (log.empty() || record.at > log.back().at) log.push_back(std::move(record));
    }
  }
  static operation trim(store& on) { return trim_through(read_contents(on).meta.last.value); }
};

/// Runs `read` again and again, with the writer going on at one step after the other; until that is
/// beyond the last.
void between_all_steps(const std::function<void(store&, busy_primary&)>& read) {
  for (std::size_t at = 0;; ++at) {
    CAPTURE(at);
    busy_primary primary;
    std::size_t step = 0;
    bool came = false;
    const auto decide = [&](std::string_view) {
      if (step++ == at) {
        came = true;
        primary.go_on();
      }
      return fate::done;
    };
    const auto store = open_on(primary.disk, decide);
    step = 0;
    came = false;
    read(*store, primary);
    if (!came) return;
  }
}

}  // namespace

TEST_CASE("what is read lies between the two points that it is said to lie between") {
  between_all_steps([](store& from, busy_primary& primary) {
    const auto reader = must(from.open_reader());
    const std::vector ids{id_of("c", "a"), id_of("c", "b"), id_of("c", "c"), id_of("c", "d")};
    const auto read = must(reader->get(ids));
    for (std::size_t i = 0; i < ids.size(); ++i) {
      CAPTURE(ids[i].key.text(), read.at.before.at.at.at.value, read.at.after.at.at.at.value);
      CHECK(primary.fits(ids[i], read.documents[i], read.at));
    }
  });
  between_all_steps([](store& from, busy_primary& primary) {
    const auto page = must(must(from.open_reader())->scan({}));
    for (const char* const key : {"a", "b", "c", "d"}) {
      std::optional<document> found;
      for (const auto& each : page.documents) {
        if (each.id == id_of("c", key)) found = each;
      }
      CAPTURE(key, page.at.before.at.at.at.value, page.at.after.at.at.at.value);
      CHECK(primary.fits(id_of("c", key), found, page.at));
    }
  });
}

TEST_CASE("the log is read without a hole behind its oldest point, while it is trimmed") {
  between_all_steps([](store& from, busy_primary& primary) {
    const auto reader = must(from.open_primary_reader());
    const auto slice = must(reader->read_log({}, 1000, 1 << 20));
    std::vector<log_record> expected;
    for (const auto& record : primary.log) {
      if (record.at > slice.meta.oldest && record.at <= slice.meta.last) expected.push_back(record);
    }
    CHECK((slice.records == expected));
  });
  between_all_steps([](store& from, busy_primary& primary) {
    const auto reader = must(from.open_primary_reader());
    const auto end_of_second = primary.log[3].at;
    const auto chain = must(reader->chain_at(end_of_second));
    if (chain) {
      CHECK(*chain == primary.log[3].chain);
    } else {
      CHECK(must(reader->meta()).oldest > end_of_second);
    }
  });
}

TEST_CASE("rows of the system table are those of a commit, finished or not") {
  between_all_steps([](store& from, busy_primary&) {
    std::string seen;
    for (const auto& row : must(must(from.open_primary_reader())->system_rows("", "", 10))) {
      seen += row.key + row.value + ' ';
    }
    CAPTURE(seen);
    CHECK((seen == "r3 " || seen == "r4 s4 " || seen == "r4 "));
  });
}
