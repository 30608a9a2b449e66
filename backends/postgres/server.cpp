#include "backends/postgres/server.hpp"

#include <algorithm>
#include <array>

#include <libpq-fe.h>

#include "backends/registry.hpp"

namespace keelson::backends::postgres {

namespace {

/// plan_cache_mode and tcp_user_timeout came with it.
constexpr int oldest_version = 120000;

/// Where the URL says nothing else. A host that does not answer is given up after 3 s, a connection
/// whose other end is gone after some 10.
constexpr std::array<std::pair<const char*, const char*>, 6> defaults{{
    {"connect_timeout", "3"},
    {"keepalives_idle", "5"},
    {"keepalives_interval", "2"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "10000"},
    {"application_name", "keelson"},
}};

/// May be changed by `options` in the URL. No call outlasts statement_timeout by more than a
/// second.
constexpr const char* time_outs =
    "-c statement_timeout=4000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000";

/// May not be changed. Each statement finds its rows through one index, whatever the planner
/// believes of a table that it has not analysed yet. The server ends what a lost client held.
constexpr const char* pinned =
    " -c search_path=pg_catalog -c standard_conforming_strings=on"
    " -c default_transaction_isolation=read\\ committed -c default_transaction_read_only=off"
    " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off"
    " -c enable_hashjoin=off -c enable_mergejoin=off -c max_parallel_workers_per_gather=0"
    " -c jit=off -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
    " -c tcp_user_timeout=10000 -c synchronous_commit=";

struct parsed_deleter {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

std::unexpected<error> refused(const std::string& shown, std::string_view why) {
  std::string detail = "the store URL '";
  detail.append(shown).append("' ").append(why);
  return fail(errc::invalid_parameter, std::move(detail));
}

}  // namespace

result<std::shared_ptr<const server>> server::from_url(std::string_view url) {
  auto parsed = std::make_shared<server>();
  parsed->shown_ = without_secrets(url);
  if (url.find("://") == std::string_view::npos) {
    return refused(parsed->shown_, "is none of the form postgresql://user@host:port/database");
  }
  // What libpq says of a broken URL may quote a part of the password.
  const std::unique_ptr<PQconninfoOption, parsed_deleter> options(
      PQconninfoParse(std::string(url).c_str(), nullptr));
  constexpr std::string_view broken =
      "cannot be read by libpq; special characters in a password are to be written as %XX, and "
      "parameters as libpq names them";
  if (!options) return refused(parsed->shown_, broken);
  for (const auto* each = options.get(); each->keyword != nullptr; ++each) {
    if (each->val == nullptr) continue;
    const std::string_view name = each->keyword;
    if (name.starts_with("host") && std::string_view(each->val).find('@') != std::string::npos) {
      return refused(parsed->shown_, broken);
    }
    if (name == "password") parsed->password_ = each->val;
    parsed->given_.emplace_back(name, each->val);
  }
  return parsed;
}

std::vector<std::pair<std::string, std::string>> server::parameters(commits how) const {
  auto all = given_;
  std::string options = time_outs;
  std::erase_if(all, [&](const auto& each) {
    if (each.first == "options") options += ' ' + each.second;
    return each.first == "options" || each.first == "client_encoding";
  });
  options.append(pinned).append(how == commits::durable ? "on" : "off");
  all.emplace_back("options", std::move(options));
  all.emplace_back("client_encoding", "UTF8");
  for (const auto& [name, value] : defaults) {
    if (std::ranges::find(given_, name, &std::pair<std::string, std::string>::first) ==
        given_.end()) {
      all.emplace_back(name, value);
    }
  }
  return all;
}

result<void> admit_server(const server_facts& facts, store_role role) {
  if (facts.version < oldest_version) {
    return fail(errc::not_supported, "the server is PostgreSQL " +
                                         std::to_string(facts.version / 10000) +
                                         "; 12 is the oldest that can be used");
  }
  if (facts.encoding != "UTF8") {
    return fail(errc::not_supported, "the database has the encoding " + facts.encoding +
                                         "; Keelson needs one that was created with UTF8");
  }
  if (facts.in_recovery) {
    return fail(errc::unavailable,
                "the server is a stand-by (in recovery), which nobody can write to. Name its "
                "primary, or all hosts and target_session_attrs=read-write");
  }
  if (role == store_role::secondary) return {};
  const auto unsafe = [](const char* setting) {
    return fail(errc::not_supported, std::string("the server has ") + setting +
                                         " = off, so that what it acknowledged may be lost; no "
                                         "primary can be kept there until that is on");
  };
  if (!facts.syncs) return unsafe("fsync");
  if (!facts.writes_full_pages) return unsafe("full_page_writes");
  return {};
}

}  // namespace keelson::backends::postgres
