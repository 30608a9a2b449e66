#include "protocols/wire/feed_request.hpp"

#include <catch2/catch.hpp>

#include "protocols/wire/feed_frames.hpp"

using namespace keelson;
using namespace keelson::wire;

TEST_CASE("frames of a client are understood as the API has them") {
  const auto full = parse_client_frame(
      R"({"type":"subscribe","id":"a","collection":"cities","prefix":"p","since":"abcdefgh:43","snapshot":false,"values":false})");
  REQUIRE(full);
  const auto& wanted = std::get<subscribe_request>(*full);
  CHECK(wanted.id == "a");
  CHECK(wanted.filter == change_filter{{"cities"}, "p"});
  CHECK(wanted.since.at == position{"abcdefgh", {43}});
  CHECK(wanted.values == change_values::without);
  CHECK(wanted.snapshot == snapshot_wish::none);

  const auto least = parse_client_frame(R"({"type":"subscribe","id":"b"})");
  REQUIRE(least);
  CHECK(std::get<subscribe_request>(*least).since.what == messages::since_kind::now);
  CHECK(std::get<subscribe_request>(*least).filter == change_filter{});

  const auto list =
      parse_client_frame(R"({"type":"subscribe","id":"c","collection":["b","a","b"]})");
  REQUIRE(list);
  CHECK(std::get<subscribe_request>(*list).filter.collections ==
        std::vector<std::string>{"a", "b"});

  CHECK(std::holds_alternative<ping_request>(*parse_client_frame(R"({"type":"ping"})")));
  const auto gone = parse_client_frame(R"({"type":"unsubscribe","id":"a"})");
  CHECK(std::get<unsubscribe_request>(*gone).id == "a");
}

TEST_CASE("bad frames say what is wrong, with the id they had") {
  struct bad {
    const char* text;
    errc code;
    const char* id;
  };
  const bad frames[] = {
      {"{", errc::invalid_json, ""},
      {"[]", errc::invalid_json, ""},
      {R"({"type":"ping","type":"ping"})", errc::invalid_json, ""},
      {R"({"type":"x","id":"a"})", errc::invalid_parameter, "a"},
      {R"({"type":"subscribe"})", errc::invalid_parameter, ""},
      {R"({"type":"subscribe","id":""})", errc::invalid_parameter, ""},
      {R"({"type":"subscribe","id":"a","colection":"b"})", errc::invalid_parameter, "a"},
      {R"({"type":"subscribe","id":"a","collection":"B"})", errc::invalid_collection, "a"},
      {R"({"type":"subscribe","id":"a","collection":[]})", errc::invalid_parameter, "a"},
      {R"({"type":"subscribe","id":"a","since":"x"})", errc::invalid_position, "a"},
      {R"({"type":"subscribe","id":"a","values":1})", errc::invalid_parameter, "a"},
      {R"({"type":"subscribe","id":"a","snapshot":true,"since":"start"})", errc::invalid_parameter,
       "a"},
      {R"({"type":"unsubscribe"})", errc::invalid_parameter, ""},
  };
  for (const auto& [text, code, id] : frames) {
    CAPTURE(text);
    const auto got = parse_client_frame(text);
    REQUIRE_FALSE(got);
    CHECK(got.error().why.code == code);
    CHECK(got.error().id == id);
  }
}

TEST_CASE("frames of the service are as the API has them") {
  const position at{"abcdefgh", {7}};
  CHECK(subscribed_frame("a\"", at) ==
        R"({"type":"subscribed","id":"a\"","position":"abcdefgh:7"})");
  CHECK(closed_frame("a", "history_lost", "abcdefgh:3", {}) ==
        R"({"type":"closed","id":"a","code":"history_lost","oldest":"abcdefgh:3"})");
  CHECK(closed_frame("a", "going_away", {}, at) ==
        R"({"type":"closed","id":"a","code":"going_away","position":"abcdefgh:7"})");
  CHECK(error_frame("", "invalid_json", "no") ==
        R"({"type":"error","code":"invalid_json","detail":"no"})");
  CHECK(position_event(at) ==
        "event: position\nid: abcdefgh:7\ndata: {\"position\":\"abcdefgh:7\"}\n\n");
}

TEST_CASE("documents are cut into frames, a larger one goes alone") {
  std::vector<document> documents;
  for (const std::size_t size : {100'000U, 100'000U, 100'000U, 400'000U, 10U}) {
    documents.push_back({.id = {collection_name::trusted("c"), document_key::trusted("k")},
                         .version = {1},
                         .value = "\"" + std::string(size, 'v') + "\""});
  }
  std::span<const document> left = documents;
  std::vector<std::size_t> counts;
  while (!left.empty()) {
    const auto before = left.size();
    const auto frame = documents_frame("a", left, change_values::with);
    counts.push_back(before - left.size());
    CHECK((frame.size() <= max_frame_bytes || counts.back() == 1));
  }
  CHECK(counts == std::vector<std::size_t>{2, 1, 1, 1});
}
