#include "backends/postgres/connection.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include <poll.h>

#include "backends/postgres/sqlstate.hpp"

namespace keelson::backends::postgres {

namespace {

constexpr int binary = 1;
constexpr std::chrono::milliseconds margin{1000};       ///< over the server's own time-out
constexpr std::chrono::milliseconds unlimited{60'000};  ///< where the URL took that away

constexpr const char* facts_text =
    "SELECT current_setting('server_version_num')::int, pg_is_in_recovery(),"
    " current_setting('fsync') = 'on', current_setting('full_page_writes') = 'on',"
    " current_setting('server_encoding'),"
    " (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint, pg_backend_pid(),"
    " (SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout')";

/// Called by libpq for each notice of the server; none of them is for us.
void ignore_notice(void*, const PGresult*) {}

}  // namespace

result<connection> connection::open(std::shared_ptr<const server> where, server::commits how) {
  const auto given = where->parameters(how);
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [name, value] : given) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  connection opened(std::move(where), PQconnectdbParams(names.data(), values.data(), 0));
  PGconn* const raw = opened.raw_.get();
  if (raw == nullptr || PQstatus(raw) != CONNECTION_OK) {
    return fail(errc::store_io, "cannot connect to PostgreSQL: " +
                                    one_line(PQerrorMessage(raw), opened.where_->password()));
  }
  PQsetNoticeReceiver(raw, &ignore_notice, nullptr);
  if (PQsetnonblocking(raw, 1) != 0) return opened.lost("connect");
  if (auto asked = opened.ask_facts(); !asked) return pass_on(std::move(asked));
  return opened;
}

result<void> connection::ask_facts() {
  parameters none;
  facts_.statement_timeout = unlimited;
  const auto said = run_once(facts_text, none, "say what it is");
  if (!said) return std::unexpected(said.error());
  facts_ = {.version = static_cast<int>(said->integer(0, 0)),
            .in_recovery = said->integer(0, 1) != 0,
            .syncs = said->integer(0, 2) != 0,
            .writes_full_pages = said->integer(0, 3) != 0,
            .encoding = std::string(said->bytes(0, 4)),
            .started = said->integer(0, 5),
            .statement_timeout = std::chrono::milliseconds(said->integer(0, 7)),
            .process = static_cast<int>(said->integer(0, 6))};
  if (facts_.statement_timeout.count() == 0) facts_.statement_timeout = unlimited;
  return {};
}

std::unexpected<error> connection::lost(std::string_view doing) {
  std::string why = raw_ ? one_line(PQerrorMessage(raw_.get()), where_->password()) : std::string();
  if (why.empty()) why = "the connection was lost";
  raw_.reset();
  std::string detail = "PostgreSQL cannot ";
  detail.append(doing).append(": ").append(why);
  return fail(errc::store_io, std::move(detail));
}

result<void> connection::wait(short events, clock::time_point deadline, std::string_view doing) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now()).count();
    pollfd what{.fd = PQsocket(raw_.get()), .events = events};
    const int ready = ::poll(&what, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready > 0) return {};
    if (ready < 0 && errno == EINTR) continue;
    raw_.reset();
    timed_out_ = true;
    std::string detail = "PostgreSQL did not ";
    detail.append(doing).append(" in time");
    return fail(errc::store_io, std::move(detail));
  }
}

result<void> connection::send_rest(clock::time_point deadline, std::string_view doing) {
  while (true) {
    const int left = PQflush(raw_.get());
    if (left < 0) return lost(doing);
    if (left == 0) return {};
    // The server may have to get rid of an answer before it reads on.
    if (auto ready = wait(POLLIN | POLLOUT, deadline, doing); !ready) return ready;
    if (PQconsumeInput(raw_.get()) == 0) return lost(doing);
  }
}

result<answer> connection::finish(int sent, std::string_view doing) {
  if (sent == 0) return lost(doing);
  const auto deadline = clock::now() + facts_.statement_timeout + margin;
  if (auto done = send_rest(deadline, doing); !done) return pass_on(std::move(done));
  answer given;
  while (true) {
    while (PQisBusy(raw_.get()) != 0) {
      if (auto ready = wait(POLLIN, deadline, doing); !ready) return pass_on(std::move(ready));
      if (PQconsumeInput(raw_.get()) == 0) return lost(doing);
    }
    answer next(PQgetResult(raw_.get()));
    if (next.raw() == nullptr) break;
    given = std::move(next);
  }
  const auto status = PQresultStatus(given.raw());
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return given;
  if (PQstatus(raw_.get()) != CONNECTION_OK) return lost(doing);
  return std::unexpected(to_error(given.raw(), doing));
}

result<void> connection::prepare(const statement& what) {
  if (prepared_.contains(what.name)) return {};
  auto done = finish(PQsendPrepare(raw_.get(), what.name.c_str(), what.text.c_str(), 0, nullptr),
                     "prepare");
  if (!done) return pass_on(std::move(done));
  prepared_.insert(what.name);
  return {};
}

result<answer> connection::run(const statement& what, parameters& with, std::string_view doing) {
  if (!alive()) return lost(doing);
  if (auto ready = prepare(what); !ready) return pass_on(std::move(ready));
  return finish(PQsendQueryPrepared(raw_.get(), what.name.c_str(), with.count(), with.values(),
                                    with.lengths(), with.formats(), binary),
                doing);
}

result<answer> connection::run(const std::string& text, std::string_view doing) {
  if (!alive()) return lost(doing);
  return finish(PQsendQuery(raw_.get(), text.c_str()), doing);
}

result<answer> connection::run_once(const std::string& text, parameters& with,
                                    std::string_view doing) {
  if (!alive()) return lost(doing);
  return finish(PQsendQueryParams(raw_.get(), text.c_str(), with.count(), nullptr, with.values(),
                                  with.lengths(), with.formats(), binary),
                doing);
}

}  // namespace keelson::backends::postgres
