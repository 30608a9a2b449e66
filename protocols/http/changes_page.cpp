#include <utility>

#include "protocols/bridge/feed_waiter.hpp"
#include "protocols/bridge/gateway.hpp"
#include "protocols/http/changes_request.hpp"
#include "protocols/http/request_options.hpp"

namespace keelson::http {
namespace {

using feed::pull_outcome;

/// Looked at for one page; the service's own memory is not counted in time, the log is (1 s).
constexpr std::size_t most_scanned = 100'000;
constexpr std::size_t page_bytes = std::size_t{8} << 20;

response page_of(const exchange& with, const feed::feed_cursor& cursor,
                 const feed::piece_ref& piece) {
  auto page = response::json(200, "{\"changes\":");
  page.body += piece ? piece->text : "[],\"position\":\"" + cursor.resume().text() + "\"}";
  add_read_headers(page, with, cursor.resume());
  return page;
}

std::unexpected<error> history_lost(bridge::feed_outlet& feed) {
  return std::unexpected(error{.code = errc::history_lost,
                               .detail = "the history was replaced",
                               .oldest = feed.ring().oldest().text()});
}

std::move_only_function<void(parting)> woken_by(bridge::feed_waiter& waiter) {
  return [wake = waiter.waker()](parting) mutable { wake(); };
}

/// Reads the log up to the page's limits; true: it reached its end, where the ring goes on.
task<result<bool>> read_log(exchange& with, const changes_request& wanted,
                            feed::feed_cursor& cursor) {
  messages::replay_request request{.from = cursor.reached(),
                                   .filter = cursor.interest().filter,
                                   .max_records = most_scanned,
                                   .max_changes = static_cast<std::uint32_t>(wanted.limit),
                                   .max_bytes = page_bytes};
  auto slice = co_await with.gate().ask_replay(std::move(request), with.timeout());
  if (!slice) co_return pass_on(std::move(slice));
  const bool at_end = slice->to == slice->end && slice->changes.empty();
  cursor.take(
      wire::change_block::encode(cursor.reached(), slice->to, slice->changes, slice->commit_ends));
  co_return at_end;
}

}  // namespace

task<result<response>> send_changes_page(exchange& with) {
  auto wanted = changes_request_of(with, feed::change_form::array);
  if (!wanted) co_return pass_on(std::move(wanted));
  auto resolved = co_await with.gate().ask_resolve(wanted->since, with.timeout());
  if (!resolved) co_return pass_on(std::move(resolved));

  const auto deadline = std::chrono::steady_clock::now() + wanted->wait;
  bridge::feed_waiter waiter(with.gate().loop().get_executor(), with.feed());
  with.on_going_away(woken_by(waiter));
  feed::feed_cursor cursor(wanted->interest, resolved->from);
  const wire::selection_limits limits{
      .commit_changes = wanted->limit, .commit_bytes = page_bytes, .scanned = most_scanned};
  while (true) {
    const auto got = cursor.pull(with.feed().ring(), limits, feed::feed_bounds{});
    if (got.what == pull_outcome::lost) co_return history_lost(with.feed());
    if (got.what == pull_outcome::behind) {
      const auto at_end = co_await read_log(with, *wanted, cursor);
      if (!at_end) co_return std::unexpected(at_end.error());
      if (*at_end) {
        static_cast<void>(cursor.pull(with.feed().ring(), limits, feed::feed_bounds{}));
        continue;
      }
      const auto read = cursor.pull(with.feed().ring(), limits, feed::feed_bounds{});
      co_return page_of(with, cursor, read.piece);
    }
    const bool over = std::chrono::steady_clock::now() >= deadline || with.going_away();
    if (got.what != pull_outcome::at_end || over) co_return page_of(with, cursor, got.piece);
    with.begin_wait();
    co_await waiter.until(deadline);
  }
}

}  // namespace keelson::http
