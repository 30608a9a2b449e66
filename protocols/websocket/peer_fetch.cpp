#include <utility>

#include <boost/asio/as_tuple.hpp>

#include "protocols/websocket/peer.hpp"

/// A connection reads the log or the store for one of its subscriptions at a time: so a client
/// that takes nothing holds at most one piece of what it has missed.
namespace keelson::websocket {
namespace {

using namespace std::chrono_literals;

/// Between tries while the log or the store cannot be read.
constexpr auto retry_interval = 1s;

}  // namespace

task<> peer::fetch() {
  while (life_ == life::open) {
    auto one = table_.take_fetch();
    if (!one) break;
    auto fetched = co_await fetch_for(one);
    if (life_ != life::open) break;
    if (!fetched) {
      co_await fetch_failed(std::move(one), std::move(fetched).error());
      continue;
    }
    table_.ready(one);
    writer_.notify();
    while (life_ == life::open && one->now != subscriber::turn::ended &&
           one->feed.holds_fetched()) {
      co_await fetched_sent_.wait();
    }
  }
  fetching_ = false;
}

task<result<void>> peer::fetch_for(subscription_table::entry one) {
  if (one->need == bridge::feed_need::replay) {
    auto wanted = one->feed.replay_request();
    auto slice = co_await gate_.ask_replay(std::move(wanted));
    if (!slice) co_return pass_on(std::move(slice));
    one->feed.replayed(*std::move(slice));
    co_return result<void>();
  }
  auto wanted = one->feed.page_request();
  auto page = co_await gate_.ask_list(bridge::store_slot::primary, std::move(wanted));
  if (!page) co_return pass_on(std::move(page));
  co_return one->feed.listed(*std::move(page));
}

task<> peer::fetch_failed(subscription_table::entry one, error why) {
  if (why.code == errc::history_lost) {
    lose(one, to_string(why.code), why.oldest);
    co_return;
  }
  table_.fetch(one, one->need);
  timer pause(stream_.get_executor(), retry_interval);
  co_await pause.async_wait(bridge::use_task_tuple);
}

}  // namespace keelson::websocket
