#include "protocols/client/batch_answer.hpp"

#include <catch2/catch.hpp>

using keelson::client::batch_verdict;
using keelson::client::http_response;
using keelson::client::judge_batch_answer;
using step = batch_verdict::step;

namespace {

http_response problem(int status, const std::string& members) {
  return {.status = status, .fields = {{"retry-after", "3"}}, .body = '{' + members + '}'};
}

}  // namespace

TEST_CASE("a written batch is done") {
  CHECK(judge_batch_answer(problem(200, R"("position":"e:7","results":[])"), 3).next == step::done);
}

TEST_CASE("what promises that nothing was done, or leaves it open, is asked again") {
  for (const int status : {429, 500, 502, 503, 504, 507}) {
    const auto verdict = judge_batch_answer(problem(status, R"("code":"overloaded")"), 3);
    CHECK(verdict.next == step::again);
    CHECK(verdict.retry_after_seconds == 3);
  }
}

TEST_CASE("a refusal with an index drops that line") {
  const auto verdict =
      judge_batch_answer(problem(400, R"("code":"invalid_key","detail":"too long","index":2)"), 3);
  CHECK(verdict.next == step::drop_line);
  CHECK(verdict.index == 2);
  CHECK(verdict.code == "invalid_key");
  CHECK(verdict.detail == "too long");
}

TEST_CASE("a refusal of one operation without a usable index splits the batch down to one line") {
  CHECK(judge_batch_answer(problem(413, R"("code":"too_large")"), 3).next == step::split);
  CHECK(judge_batch_answer(problem(400, R"("code":"invalid_key","index":3)"), 3).next ==
        step::split);
  CHECK(judge_batch_answer(problem(400, R"("code":"invalid_key","index":-1)"), 3).next ==
        step::split);
  const auto last = judge_batch_answer(problem(413, R"("code":"too_large")"), 1);
  CHECK(last.next == step::drop_line);
  CHECK(last.index == 0);
}

TEST_CASE("a refusal that another line would not change ends the load") {
  CHECK(judge_batch_answer(problem(401, R"("code":"unauthenticated")"), 3).next == step::give_up);
  CHECK(judge_batch_answer(problem(400, R"("code":"invalid_collection")"), 3).next ==
        step::give_up);
  CHECK(judge_batch_answer(problem(422, R"("code":"idempotency_mismatch")"), 1).next ==
        step::give_up);
  const auto strange = judge_batch_answer({.status = 404, .fields = {}, .body = "<html>"}, 3);
  CHECK(strange.next == step::give_up);
  CHECK(strange.code == "status 404");
}
