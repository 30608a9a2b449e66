#include "protocols/client/change_reader.hpp"

#include <catch2/catch.hpp>

using keelson::client::change_reader;
using keelson::client::watch_event;
using reader_step = change_reader::step;

namespace {

std::string change(const std::string& position, const std::string& more = "") {
  return R"({"position":")" + position + R"(","op":"put","key":"k","value":1.10)" + more + '}';
}

const std::string more = R"(,"more":true)";

std::string changes(const std::string& list, const std::string& position) {
  return R"({"type":"changes","id":"watch","changes":[)" + list + R"(],"position":")" + position +
         R"("})";
}

std::string subscribed(const std::string& position) {
  return R"({"type":"subscribed","id":"watch","position":")" + position + R"("})";
}

struct fixture {
  std::vector<watch_event> events;

  reader_step feed(change_reader& reader, const std::string& frame) {
    events.clear();
    return reader.on_frame(frame, events);
  }
};

}  // namespace

TEST_CASE_METHOD(fixture, "a watch begins at now and goes on from the position it was told") {
  change_reader reader({.collections = {"cities", "roads"}, .prefix = "a\"", .since = {}}, {});
  CHECK(
      reader.subscribe_frame() ==
      R"({"type":"subscribe","id":"watch","collection":["cities","roads"],"prefix":"a\"","since":"now"})");
  CHECK_FALSE(reader.was_subscribed());
  CHECK(feed(reader, subscribed("e:40")) == reader_step::go_on);
  CHECK(reader.was_subscribed());
  CHECK(
      reader.subscribe_frame() ==
      R"({"type":"subscribe","id":"watch","collection":["cities","roads"],"prefix":"a\"","since":"e:40"})");
}

TEST_CASE_METHOD(fixture, "changes of a commit are held back until its end") {
  change_reader reader({}, {});
  feed(reader, subscribed("e:40"));
  feed(reader, changes(change("e:41") + "," + change("e:42", more), "e:41"));
  REQUIRE(events.size() == 1);
  CHECK(events[0].text == change("e:41"));
  CHECK(reader.position() == "e:41");
  feed(reader, changes(change("e:43", more), "e:41"));
  CHECK(events.empty());
  CHECK(reader.position() == "e:41");
  feed(reader, changes(change("e:44"), "e:44"));
  REQUIRE(events.size() == 3);
  CHECK(events[0].text == change("e:42", more));
  CHECK(events[2].text == change("e:44"));
  CHECK(reader.position() == "e:44");
}

TEST_CASE_METHOD(fixture, "half a commit is forgotten when the connection breaks") {
  change_reader reader({}, {});
  feed(reader, subscribed("e:40"));
  feed(reader, changes(change("e:41", more), "e:40"));
  CHECK(reader.subscribe_frame() == R"({"type":"subscribe","id":"watch","since":"e:40"})");
  feed(reader, changes(change("e:41", more) + "," + change("e:42"), "e:42"));
  CHECK(events.size() == 2);
}

TEST_CASE_METHOD(fixture, "a quiet subscription moves on") {
  change_reader reader({}, {});
  feed(reader, subscribed("e:40"));
  CHECK(feed(reader, R"({"type":"position","id":"watch","position":"e:90"})") ==
        reader_step::go_on);
  CHECK(reader.position() == "e:90");
}

TEST_CASE_METHOD(fixture, "a count ends inside a commit at the change that was given out last") {
  change_reader reader({}, 2);
  feed(reader, subscribed("e:40"));
  const auto commit = change("e:41", more) + "," + change("e:42", more) + "," + change("e:43");
  CHECK(feed(reader, changes(commit, "e:43")) == reader_step::finished);
  CHECK(events.size() == 2);
  CHECK(reader.position() == "e:42");
}

TEST_CASE_METHOD(fixture, "no position before a snapshot is live can be resumed from") {
  change_reader reader({.collections = {}, .prefix = {}, .since = {}, .snapshot = true}, {});
  const std::string begin = R"({"type":"subscribe","id":"watch","snapshot":true})";
  CHECK(reader.subscribe_frame() == begin);
  feed(reader, subscribed("e:40"));
  REQUIRE(events.size() == 1);
  CHECK(events[0].what == watch_event::kind::snapshot_begin);
  feed(reader, R"({"type":"documents","id":"watch","documents":[{"key":"a"},{"key":"b"}]})");
  REQUIRE(events.size() == 2);
  CHECK(events[1].text == R"({"key":"b"})");
  feed(reader, changes(change("e:41"), "e:41"));
  CHECK(events.size() == 1);
  CHECK(reader.position().empty());
  CHECK(reader.subscribe_frame() == begin);
  feed(reader, R"({"type":"live","id":"watch","position":"e:41"})");
  REQUIRE(events.size() == 1);
  CHECK(events[0].what == watch_event::kind::live);
  CHECK(reader.subscribe_frame() == R"({"type":"subscribe","id":"watch","since":"e:41"})");
}

TEST_CASE_METHOD(fixture, "how a subscription ends says what comes next") {
  const auto closed = [](const std::string& members) {
    return R"({"type":"closed","id":"watch",)" + members + '}';
  };
  change_reader reader({}, {});
  feed(reader, subscribed("e:40"));
  CHECK(feed(reader, closed(R"("code":"going_away","position":"e:40")")) == reader_step::reconnect);
  CHECK(feed(reader, closed(R"("code":"slow_consumer")")) == reader_step::reconnect);
  CHECK(feed(reader, closed(R"("code":"history_lost","oldest":"e:60")")) == reader_step::refused);
  CHECK(reader.reason().find("history_lost") == 0);
  CHECK(reader.reason().find("e:60") != std::string::npos);
  CHECK(feed(reader, R"({"type":"error","code":"unavailable"})") == reader_step::reconnect);
  CHECK(feed(reader, R"({"type":"error","code":"invalid_collection","detail":"Bad"})") ==
        reader_step::refused);
  CHECK(reader.reason() == "invalid_collection: Bad");

  change_reader overtaken({.collections = {}, .prefix = {}, .since = {}, .snapshot = true}, {});
  feed(overtaken, subscribed("e:40"));
  CHECK(feed(overtaken, closed(R"("code":"history_lost","oldest":"e:60")")) ==
        reader_step::reconnect);
}

TEST_CASE_METHOD(fixture, "rubbish from the service is survived") {
  change_reader reader({}, {});
  for (const auto* frame :
       {"", "{", "[]", "null", R"({"type":"changes"})", R"({"type":)",
        R"({"type":"changes","changes":[{"a)", R"({"type":"changes","changes":7})"})
    CHECK(feed(reader, frame) == reader_step::go_on);
  CHECK(events.empty());
}
