#include <thread>

#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include "tests/unit/feed/feed_client.hpp"
#include "tests/unit/websocket/changes_server.hpp"

using namespace keelson;
using namespace keelson::test;

namespace {

/// A stream of server-sent events, event by event.
class event_client {
 public:
  event_client(std::uint16_t port, const std::string& target, const std::string& headers = {})
      : socket_(loop_) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
    const auto request = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                         "\r\nAccept: text/event-stream\r\n" + headers + "\r\n";
    boost::asio::write(socket_, boost::asio::buffer(request));
    head_ = read_to("\r\n\r\n");
  }

  [[nodiscard]] const std::string& head() const { return head_; }

  /// Reads until the service ends the stream as a whole one.
  void read_to_end() { CHECK(read_to("\r\n0\r\n\r\n").ends_with("0\r\n\r\n")); }

  struct event {
    std::string type, id, data, retry;
  };
  [[nodiscard]] event read() {
    event got;
    while (true) {
      const auto line = next_line();
      if (line.empty()) return got;
      if (line.starts_with("event: ")) got.type = line.substr(7);
      if (line.starts_with("id: ")) got.id = line.substr(4);
      if (line.starts_with("data: ")) got.data = line.substr(6);
      if (line.starts_with("retry: ")) got.retry = line.substr(7);
    }
  }

 private:
  void fill() {
    std::array<char, 8192> piece;
    input_.append(piece.data(), socket_.read_some(boost::asio::buffer(piece)));
  }
  std::string read_to(std::string_view mark) {
    while (input_.find(mark) == std::string::npos) fill();
    const auto end = input_.find(mark) + mark.size();
    auto text = input_.substr(0, end);
    input_.erase(0, end);
    return text;
  }
  /// A line of the body, whose chunks are put together first.
  std::string next_line() {
    while (body_.find('\n') == std::string::npos) {
      const auto size = std::stoul(read_to("\r\n"), nullptr, 16);
      if (size == 0) throw std::runtime_error("the stream has ended");
      while (input_.size() < size + 2) fill();
      body_ += input_.substr(0, size);
      input_.erase(0, size + 2);
    }
    const auto end = body_.find('\n');
    auto line = body_.substr(0, end);
    body_.erase(0, end + 1);
    return line;
  }

  boost::asio::io_context loop_;
  boost::asio::ip::tcp::socket socket_;
  std::string head_;
  std::string input_;
  std::string body_;
};

}  // namespace

TEST_CASE("pages put together are the filtered log, whatever their limit, ring or log") {
  const std::size_t ring_bytes = GENERATE(1'000U, 10'000'000U);
  changes_server server(ring_bytes);
  server.commit_groups(100);
  const change_filter filter{.collections = {"alpha"}, .prefix = "a"};
  feed_client client;
  auto at = server.log().at(0);
  std::size_t limit = 1;
  while (at != server.end()) {
    const auto page =
        get_http(server.port(), "/v1/changes?collection=alpha&prefix=a&since=" + at.text() +
                                    "&limit=" + std::to_string(limit++));
    REQUIRE(page.result_int() == 200);
    const auto& body = page.body();
    REQUIRE(body.starts_with("{\"changes\":"));
    client.take_frame(body.substr(11));
    REQUIRE_FALSE(client.holds_back());
    REQUIRE(client.resume() != at);
    at = client.resume();
    CHECK(page["Keelson-Position"] == at.text());
    CHECK(server.log().is_commit_end(at.at));
  }
  CHECK(client.applied() == feed_client::expected(server.log().records(), {0}, filter));
  CHECK(client.commits() == feed_client::expected_commits(server.log().records(), {0}, filter));
}

TEST_CASE("a page at the end waits for the next commit if it is asked to") {
  changes_server server;
  server.commit_groups(2);
  const auto at = server.end();
  const auto none = get_http(server.port(), "/v1/changes");
  CHECK(none.body() == "{\"changes\":[],\"position\":\"" + at.text() + "\"}");
  std::string body;
  std::jthread asking(
      [&] { body = get_http(server.port(), "/v1/changes?wait=30s&since=" + at.text()).body(); });
  server.commit_groups(1);
  asking.join();
  feed_client client;
  client.take_frame(body.substr(11));
  CHECK(client.applied() == feed_client::expected(server.log().records(), at.at, {}));
}

TEST_CASE("a page says what is wrong with its request") {
  changes_server server;
  server.commit_groups(2);
  const auto status = [&](const std::string& query) {
    return get_http(server.port(), "/v1/changes?" + query).result_int();
  };
  CHECK(status("since=nonsense") == 400);
  CHECK(status("limit=0") == 400);
  CHECK(status("collection=B") == 400);
  CHECK(status("whatever=1") == 400);
  const auto lost = get_http(server.port(), "/v1/changes?since=zzzzzzzz:4");
  CHECK(lost.result_int() == 410);
  const auto problem = boost::json::parse(lost.body()).as_object();
  CHECK(problem.at("code").as_string() == "history_lost");
  CHECK(problem.at("oldest").as_string() == server.log().at(0).text());
}

TEST_CASE("server-sent events begin with the position and resume behind the last id") {
  changes_server server;
  server.commit_groups(3);
  const auto from = server.end();
  event_client stream(server.port(), "/v1/changes?collection=beta");
  CHECK(stream.head().find("text/event-stream") != std::string::npos);
  const auto first = stream.read();
  CHECK(first.type == "position");
  CHECK(first.id == from.text());
  server.commit_groups(50);
  const change_filter filter{.collections = {"beta"}};
  const auto wanted = feed_client::expected(server.log().records(), from.at, filter);
  feed_client client;
  std::string last_id;
  while (client.applied().size() < wanted.size() / 2) {
    const auto event = stream.read();
    if (!event.id.empty()) last_id = event.id;
    if (event.type.empty()) client.take_change(boost::json::parse(event.data).as_object());
  }
  client.lose_connection();
  event_client again(server.port(), "/v1/changes?collection=beta&since=start",
                     "Last-Event-ID: " + last_id + "\r\n");
  CHECK(again.read().id == last_id);
  while (client.applied().size() < wanted.size()) {
    const auto event = again.read();
    if (event.type.empty()) client.take_change(boost::json::parse(event.data).as_object());
  }
  CHECK(client.applied() == wanted);
}

TEST_CASE("lost history ends a stream of events with a reason that a browser can read") {
  changes_server server;
  server.commit_groups(3);
  event_client stream(server.port(), "/v1/changes?since=zzzzzzzz:1");
  CHECK(stream.head().starts_with("HTTP/1.1 200"));
  const auto closed = stream.read();
  CHECK(closed.type == "closed");
  CHECK(closed.retry == "60000");
  const auto data = boost::json::parse(closed.data).as_object();
  CHECK(data.at("code").as_string() == "history_lost");
  CHECK(data.at("oldest").as_string() == server.log().at(0).text());
}

TEST_CASE("streams end when their caller may not read any more, and only those") {
  changes_server server;
  server.commit_groups(3);
  const auto set_tokens = [&](std::vector<std::string> secrets) {
    std::vector<http::access_token> tokens;
    for (const auto& each : secrets) {
      tokens.push_back({each, http::scope::read, hash_value(each)});
    }
    server.server().set_tokens(std::move(tokens));
  };
  set_tokens({"first", "second"});
  const auto bearer = [](const std::string& secret) {
    return "Authorization: Bearer " + secret + "\r\n";
  };
  event_client taken_back(server.port(), "/v1/changes", bearer("first"));
  event_client kept(server.port(), "/v1/changes", bearer("second"));
  CHECK(taken_back.read().type == "position");
  CHECK(kept.read().type == "position");
  set_tokens({"second"});
  taken_back.read_to_end();
  server.commit_groups(1);
  CHECK(kept.read().type.empty());
}
