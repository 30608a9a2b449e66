#include "protocols/http/bulk_load.hpp"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>

#include "protocols/bridge/feed_outlet.hpp"
#include "protocols/http/handlers.hpp"
#include "protocols/http/io_loop.hpp"
#include "protocols/http/loop_timer.hpp"
#include "protocols/http/request_options.hpp"
#include "protocols/http/service_info.hpp"

namespace keelson::http {

namespace {

constexpr auto look_again = std::chrono::milliseconds(20);

result<wire::bulk_form> form_of(const exchange& with) {
  auto collection = collection_of(with);
  if (!collection) return pass_on(std::move(collection));
  if (with.head().idempotency_key.data() != nullptr) {
    return fail(errc::invalid_parameter,
                "a streamed load takes no Idempotency-Key: each line is a commit of its own");
  }
  const auto if_absent = flag_of(with, "if_absent", flag::off);
  if (!if_absent) return std::unexpected(if_absent.error());
  wire::bulk_form form{.collection = *std::move(collection)};
  if (*if_absent == flag::on) form.if_present = messages::unmet::skip;
  if (const std::string* const field = with.query().find("key_field")) {
    if (field->empty()) return fail(errc::invalid_parameter, "key_field is a member's name");
    form.key_field = *field;
  }
  return form;
}

}  // namespace

bulk_load::bulk_load(exchange& with, wire::bulk_form form)
    : with_(with), form_(std::move(form)), window_(std::make_shared<bulk_window>()) {}

task<result<void>> bulk_load::run() {
  std::string partial;
  while (true) {
    auto reading = with_.read_some();
    const result<std::string_view> piece = co_await std::move(reading);
    if (!piece && lines_ == 0) co_return std::unexpected(piece.error());
    if (!piece) {  // what came is done and told; what did not is a failed line
      partial.clear();
      window_->fail(++lines_, piece.error());
      break;
    }
    if (piece->empty()) break;
    std::string_view rest = *piece;
    for (std::size_t end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
      std::string_view line = rest.substr(0, end);
      if (!partial.empty()) line = partial.append(line);
      co_await take_line(line);
      partial.clear();
      rest.remove_prefix(end + 1);
    }
    // Of a line that is too long only so much is kept as shows that it is.
    const std::size_t room = longest_line() + 1 - std::min(partial.size(), longest_line() + 1);
    partial.append(rest.substr(0, room));
  }
  if (!partial.empty()) co_await take_line(partial);
  while (window_->in_flight > 0) co_await window_->changed();
  co_return result<void>();
}

std::size_t bulk_load::longest_line() const {
  const wire::content_limits& limits = with_.info().options.content;
  return 2 * limits.value + limits.key;
}

task<> bulk_load::take_line(std::string_view line) {
  const std::uint64_t number = ++lines_;
  if (line.find_first_not_of(" \t\r") == line.npos) co_return;
  if (line.size() > longest_line()) {
    window_->fail(number, {.code = errc::too_large, .detail = "the line is too long"});
    co_return;
  }
  auto operation = wire::parse_bulk_line(line, form_, with_.info().options.content);
  if (!operation) {
    window_->fail(number, operation.error());
    co_return;
  }
  if (!co_await wait_for_room()) {
    window_->fail(number, {.code = errc::overloaded, .detail = "too many requests are in flight"});
    co_return;
  }
  messages::write_request request{.context = with_.context(), .lane = messages::write_lane::bulk};
  request.operations.push_back(*std::move(operation));
  ++window_->in_flight;
  with_.gate().write(std::move(request), bulk_window::answer_of(window_, number));
}

task<bool> bulk_load::wait_for_room() {
  const std::size_t most = with_.info().options.bulk_lines_in_flight;
  const bridge::admission& places = with_.gate().places();
  const std::int64_t until = io_loop::now() + with_.timeout().count();
  while (window_->in_flight >= most || !places.has_room_to_spare()) {
    if (window_->in_flight > 0) {
      co_await window_->changed();
      continue;
    }
    // Others have the places; nothing tells when they leave.
    if (io_loop::now() >= until) co_return false;
    loop_timer pause(with_.loop().context());
    pause.expires_after(look_again);
    auto waiting = pause.async_wait(bridge::use_task_tuple);
    co_await std::move(waiting);
  }
  co_return true;
}

wire::bulk_result bulk_load::take_result() {
  wire::bulk_result result = std::move(window_->result);
  std::ranges::sort(result.failed, {}, &wire::bulk_failure::line);
  return result;
}

void bulk_window::fail(std::uint64_t line, const error& why) {
  constexpr std::size_t most_shown = 1000;
  ++result.failed_total;
  if (result.failed.size() < most_shown) result.failed.push_back({line, why.code, why.detail});
}

void bulk_window::take(std::uint64_t line, const keelson::result<messages::write_receipt>& answer) {
  --in_flight;
  if (!answer) {
    fail(line, answer.error());
  } else if (answer->outcomes.at(0).effect == messages::write_effect::unchanged) {
    ++result.skipped;
  } else {
    ++result.written;
    if (result.at.epoch != answer->at.epoch || result.at.at < answer->at.at) result.at = answer->at;
  }
  if (auto resume = std::exchange(waiting, nullptr)) resume();
}

bridge::completion<messages::write_receipt> bulk_window::answer_of(
    const std::shared_ptr<bulk_window>& window, std::uint64_t line) {
  return [window, line](const keelson::result<messages::write_receipt>& answer) {
    window->take(line, answer);
  };
}

task<> bulk_window::changed() {
  auto initiation = [this](auto handler) { waiting = std::move(handler); };
  return bridge::asio::async_initiate<const bridge::use_task_t, void()>(std::move(initiation),
                                                                        bridge::use_task);
}

task<result<response>> load_documents(exchange& with) {
  auto form = form_of(with);
  if (!form) co_return pass_on(std::move(form));
  bulk_load loading(with, *std::move(form));
  auto running = loading.run();
  auto done = co_await std::move(running);
  if (!done) co_return pass_on(std::move(done));
  auto loaded = loading.take_result();
  if (loaded.at.epoch.empty()) loaded.at = with.feed().ring().end();  // nothing was written
  co_return response::json(200, wire::bulk_result_text(loaded));
}

}  // namespace keelson::http
