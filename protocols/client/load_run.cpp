#include "protocols/client/load_run.hpp"

#include <algorithm>
#include <csignal>
#include <exception>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocols/client/batch_answer.hpp"
#include "protocols/client/blocking_client.hpp"
#include "protocols/client/http_client.hpp"
#include "protocols/client/json_slice.hpp"
#include "protocols/client/service_identity.hpp"
#include "protocols/model/backoff.hpp"

namespace keelson::client {

namespace asio = boost::asio;

namespace {

using clock = std::chrono::steady_clock;
using operations = std::vector<const put_operation*>;

constexpr std::chrono::seconds batch_timeout{30};
constexpr std::chrono::seconds longest_wait{60};  ///< whatever a Retry-After says

/// The workers of one load. All run on the one thread of the context; a worker has one connection
/// and one piece at a time.
class load_run {
 public:
  load_run(const load_options& options, load_job job, progress_bar& bar)
      : options_(options), job_(std::move(job)), window_(job_.state.progress), bar_(bar) {}

  load_outcome run() {
    signals_.async_wait([this](const boost::system::error_code& ended, int which) {
      if (!ended) interrupt(which);
    });
    for (working_ = 0; working_ < options_.connections; ++working_) {
      asio::co_spawn(context_, work(),
                     [this](const std::exception_ptr& failed) { worker_ended(failed); });
    }
    context_.run();
    const bool complete = outcome_ == exit_status::done;
    if (complete && window_.progress().failed > 0) outcome_ = exit_status::refused;
    return {outcome_, window_.progress(), complete};
  }

 private:
  struct counts {
    std::uint64_t written = 0;
    std::uint64_t failed = 0;
  };

  void worker_ended(const std::exception_ptr& failed) {
    if (failed) std::rethrow_exception(failed);
    if (--working_ == 0) signals_.cancel();
  }

  asio::awaitable<void> work() {
    http_client service(context_, job_.target, options_.service.token);
    backoff pause({.most = std::chrono::seconds(5)});
    for (;;) {
      const auto taken = co_await take();
      if (!taken) co_return;
      for (const auto& bad : taken->bad_lines) report(bad);
      operations all;
      for (const auto& operation : taken->operations) all.push_back(&operation);
      auto name = job_.state.load_id + '-' + std::to_string(taken->number);
      auto done = co_await send(service, pause, std::move(name), std::move(all));
      done.failed += taken->bad_lines.size();
      finish(*taken, done);
    }
  }

  /// The next piece, in the order of the file; nothing at the end, or where reading fails: what
  /// is in flight then still gets done.
  asio::awaitable<std::optional<piece>> take() {
    while (taking_) co_await changed();
    if (at_end_) co_return std::nullopt;
    taking_ = true;
    auto next = job_.cutter.next();
    if (!next) {
      bar_.complain(options_.file + ": " + next.error().detail);
      outcome_ = exit_status::refused;
      next = std::nullopt;
    }
    while (*next && !window_.admits(**next)) co_await changed();
    if (*next) window_.start(**next);
    at_end_ = !*next;
    taking_ = false;
    wake();
    co_return std::move(*next);
  }

  /// Gets `part` written, whatever it takes. `name` is its idempotency key.
  asio::awaitable<counts> send(http_client& service, backoff& pause, std::string name,
                               operations part) {
    counts sum;
    const std::string base = name;
    while (!part.empty()) {
      const auto verdict = co_await settle(service, pause, name, part);
      if (verdict.next == batch_verdict::step::done) {
        sum.written += part.size();
        co_return sum;
      }
      if (verdict.next == batch_verdict::step::drop_line) {
        const auto refused = part.begin() + static_cast<std::ptrdiff_t>(verdict.index);
        report({(*refused)->line, verdict.code, verdict.detail});
        part.erase(refused);
        name = base + '-' + std::to_string(++sum.failed);
        continue;
      }
      const auto middle = part.begin() + static_cast<std::ptrdiff_t>(part.size() / 2);
      const auto left = co_await send(service, pause, name + "-l", {part.begin(), middle});
      const auto right = co_await send(service, pause, name + "-r", {middle, part.end()});
      co_return counts{sum.written + left.written + right.written,
                       sum.failed + left.failed + right.failed};
    }
    co_return sum;
  }

  /// Sends one batch until its outcome is known.
  asio::awaitable<batch_verdict> settle(http_client& service, backoff& pause,
                                        const std::string& name, const operations& part) {
    const http_request request{
        .method = "POST",
        .target = "/v1/batch",
        .fields = {{"Content-Type", "application/json"}, {"Idempotency-Key", name}},
        .body = batch_body(part),
        .timeout = batch_timeout};
    for (;;) {
      const auto answer = co_await service.exchange(request);
      auto verdict = answer ? judge_batch_answer(*answer, part.size()) : no_answer(answer.error());
      if (verdict.next == batch_verdict::step::done) check_epoch(answer->body);
      if (verdict.next == batch_verdict::step::give_up)
        stop(exit_status::refused, "the service refuses: " + verdict.code + ": " + verdict.detail);
      if (verdict.next != batch_verdict::step::again) {
        last_progress_ = clock::now();
        outage_told_ = false;
        pause.reset();
        if (stopping()) co_await changed();
        co_return verdict;
      }
      tell_outage(verdict, answer.has_value());
      co_await sleep(std::max<clock::duration>(pause.next(),
                                               std::chrono::seconds(verdict.retry_after_seconds)));
    }
  }

  static batch_verdict no_answer(const error& why) {
    batch_verdict verdict;
    verdict.next = batch_verdict::step::again;
    verdict.code = "no answer";
    verdict.detail = why.detail;
    return verdict;
  }

  void tell_outage(const batch_verdict& verdict, bool answered) {
    const auto why = verdict.code + (verdict.detail.empty() ? "" : ": " + verdict.detail);
    if (clock::now() - last_progress_ > options_.retry_for)
      stop(answered ? exit_status::refused : exit_status::unreachable,
           "giving up after " + std::to_string(options_.retry_for.count()) +
               " s without progress (" + why + "); the same command goes on from here");
    if (!outage_told_) bar_.note("keelson: " + why + "; trying again");
    outage_told_ = true;
  }

  /// A batch that went into another history than the first: what was written before may be lost.
  void check_epoch(std::string_view answer) {
    auto epoch = epoch_of(json_string_member(answer, "position"));
    auto& known = job_.state.source.epoch;
    if (known.empty()) known = epoch;
    if (!epoch.empty() && epoch != known)
      stop(exit_status::refused,
           "the service's history was replaced during the load; the same command begins anew");
  }

  void finish(const piece& finished, const counts& done) {
    if (const auto moved = window_.finish(finished, done.written, done.failed)) keep(*moved);
    written_ += done.written;
    bar_.show({job_.cutter.fraction(), before_ + written_}, clock::now());
    wake();
  }

  void keep(const load_progress& progress) {
    job_.state.progress = progress;
    if (!job_.state_file) return;
    const auto kept = write_load_state(*job_.state_file, job_.state);
    if (kept) return;
    bar_.note("keelson: " + kept.error().detail + "; a load that is cut off would begin anew");
    job_.state_file.reset();
  }

  void report(const bad_line& bad) {
    bar_.note(options_.file + ':' + std::to_string(bad.line) + ": " + bad.code +
              (bad.detail.empty() ? "" : ": " + bad.detail));
  }

  /// Ends the run: a worker that waits for anything after this is never resumed.
  void stop(exit_status status, const std::string& why) {
    if (stopping()) return;
    bar_.complain(why);
    outcome_ = status;
    context_.stop();
  }

  void interrupt(int signal) {
    const auto& at = window_.progress();
    stop(status_after(signal), "interrupted behind line " + std::to_string(at.mark.lines) + " of " +
                                   options_.file + ", with " + std::to_string(at.written) +
                                   " documents written; " +
                                   (job_.state_file ? "the same command goes on from there"
                                                    : "given again, it begins anew"));
  }

  [[nodiscard]] bool stopping() const { return context_.stopped(); }

  asio::awaitable<void> changed() {
    co_await changed_.async_wait(asio::as_tuple(asio::use_awaitable));
  }

  void wake() { changed_.cancel(); }

  asio::awaitable<void> sleep(clock::duration time) {
    asio::steady_timer timer(context_, time);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }

  const load_options& options_;
  load_job job_;
  load_window window_;
  progress_bar& bar_;
  asio::io_context context_{1};
  asio::signal_set signals_{context_, SIGINT, SIGTERM};
  asio::steady_timer changed_{context_, clock::time_point::max()};
  clock::time_point last_progress_ = clock::now();
  exit_status outcome_ = exit_status::done;
  const std::uint64_t before_ = job_.state.progress.written;
  std::uint64_t written_ = 0;  ///< in this run
  std::uint32_t working_ = 0;
  bool taking_ = false;  ///< a worker waits with its piece for another piece to be done
  bool at_end_ = false;
  bool outage_told_ = false;
};

}  // namespace

load_outcome run_pieces(const load_options& options, load_job job, progress_bar& bar) {
  return load_run(options, std::move(job), bar).run();
}

}  // namespace keelson::client
