#include <csignal>
#include <exception>
#include <ostream>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocols/client/change_reader.hpp"
#include "protocols/client/commands.hpp"
#include "protocols/client/json_slice.hpp"
#include "protocols/client/watch_socket.hpp"
#include "protocols/model/backoff.hpp"

namespace keelson::client {

namespace asio = boost::asio;

namespace {

using clock = std::chrono::steady_clock;

/// One `watch`, over as many connections as it takes. Runs on the thread of its context.
class watch_run {
 public:
  watch_run(const watch_options& options, endpoint target, console& io)
      : options_(options),
        target_(std::move(target)),
        io_(io),
        reader_({options.collections, options.prefix, options.since, options.snapshot},
                options.count) {}

  exit_status run() {
    asio::signal_set signals(context_, SIGINT, SIGTERM);
    signals.async_wait([this](const boost::system::error_code& failed, int) {
      if (!failed) end(exit_status::done);
    });
    asio::co_spawn(context_, connect_again_and_again(), [](const std::exception_ptr& failed) {
      if (failed) std::rethrow_exception(failed);
    });
    context_.run();
    if (!reader_.position().empty()) io_.err << "position\t" << reader_.position() << '\n';
    return outcome_;
  }

 private:
  asio::awaitable<void> connect_again_and_again() {
    backoff pause({.most = std::chrono::seconds(10)});
    const std::function<bool(std::string_view)> on_frame = [&](std::string_view frame) {
      pause.reset();
      return show(frame);
    };
    for (;;) {
      const auto first_frame = reader_.subscribe_frame();
      const auto followed =
          co_await follow(context_, target_, options_.service.token, first_frame, on_frame);
      if (ended_) co_return end(outcome_);
      const auto why = followed ? error{.code = errc::unavailable, .detail = reader_.reason()}
                                : followed.error();
      if (gives_up(why)) co_return;
      asio::steady_timer timer(context_, pause.next());
      co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }

  /// Whether a break is the end of the watch; tells of it otherwise.
  bool gives_up(const error& why) {
    if (why.code != errc::unavailable) {
      complain(io_, why.detail);
      end(exit_status::refused);
    } else if (!reader_.was_subscribed() || clock::now() - last_frame_ > options_.retry_for) {
      end(report_unreachable(io_, options_.service.url, why));
    } else {
      if (!outage_told_) io_.err << "keelson: " << why.detail << "; connecting again\n";
      outage_told_ = true;
      return false;
    }
    return true;
  }

  /// Shows what a frame brings; false when the connection is to be left.
  bool show(std::string_view frame) {
    last_frame_ = clock::now();
    outage_told_ = false;
    events_.clear();
    const auto next = reader_.on_frame(frame, events_);
    for (const auto& event : events_) print(event);
    io_.out.flush();
    if (!io_.out || next == change_reader::step::refused) {
      if (io_.out) complain(io_, reader_.reason());
      note_end(exit_status::refused);
    } else if (next == change_reader::step::finished) {
      note_end(exit_status::done);
    }
    return !ended_ && next == change_reader::step::go_on;
  }

  void print(const watch_event& event) {
    using kind = watch_event::kind;
    const bool json = options_.service.form == output_form::json;
    if (event.what == kind::snapshot_begin) {
      (json ? io_.out << R"({"type":"snapshot"})" : io_.err << "keelson: a snapshot begins")
          << '\n';
    } else if (event.what == kind::live) {
      (json ? io_.out << R"({"type":"live","position":")" << event.text << "\"}"
            : io_.err << "keelson: live from position " << event.text)
          << '\n';
    } else if (json) {
      io_.out << event.text << '\n';
    } else {
      print_columns(event);
    }
  }

  /// Position, operation, key and value; the collection stands before the key unless exactly one
  /// is watched. A document of a snapshot has no position, a delete no value.
  void print_columns(const watch_event& event) {
    const bool change = event.what == watch_event::kind::change;
    auto key = json_string_member(event.text, "key");
    if (options_.collections.size() != 1)
      key = json_string_member(event.text, "collection") + '/' + key;
    io_.out << (change ? json_string_member(event.text, "position") : "-") << '\t'
            << (change ? json_string_member(event.text, "op") : "document") << '\t' << column(key);
    if (const auto value = json_member(event.text, "value")) io_.out << '\t' << *value;
    io_.out << '\n';
  }

  void note_end(exit_status status) {
    ended_ = true;
    outcome_ = status;
  }

  void end(exit_status status) {
    note_end(status);
    context_.stop();
  }

  const watch_options& options_;
  endpoint target_;
  console& io_;
  change_reader reader_;
  std::vector<watch_event> events_;
  asio::io_context context_{1};
  clock::time_point last_frame_ = clock::now();
  exit_status outcome_ = exit_status::done;
  bool ended_ = false;
  bool outage_told_ = false;
};

}  // namespace

exit_status run_watch(const watch_options& options, console& io) {
  auto target = parse_endpoint(options.service.url);
  if (!target) return report_usage(io, target.error());
  if (options.snapshot && !options.since.empty())
    return report_usage(io, {.code = errc::invalid_parameter,
                             .detail = "--snapshot and --since exclude each other"});
  return watch_run(options, std::move(*target), io).run();
}

}  // namespace keelson::client
