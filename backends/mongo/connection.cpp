#include "backends/mongo/connection.hpp"

#include <array>
#include <cstdio>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

namespace keelson::backends::mongo {

namespace {

constexpr std::int64_t concern_milliseconds = 5000;

/// Codes of the server: mongodb.com/docs/manual/reference/error-codes.
enum server_code : std::uint32_t {
  unauthorized = 13,
  authentication_failed = 18,
  document_too_large = 10334,
  duplicate_key = 11000,
  duplicate_key_update = 11001,
  out_of_disk_space = 14031,
  not_writable_primary = 10107,
  not_primary_no_secondary_ok = 13435,
};

/// Before main() libmongoc maps a file for counters that a tool of its own shows,
/// /dev/shm/mongoc-PID, which stays behind when the process is killed, and is in the way of a later
/// process of that number. Without its name it goes with the process.
bool forget_counters() noexcept {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "/mongoc-%d", static_cast<int>(::getpid()));
  return ::shm_unlink(name.data()) == 0;
}

[[maybe_unused]] const bool counters_forgotten = forget_counters();

void initialise() {
  static const bool once = [] {
    mongoc_init();
    mongoc_log_set_handler(nullptr, nullptr);  // what matters comes back as an error
    return true;
  }();
  static_cast<void>(once);
}

struct uri_deleter {
  void operator()(mongoc_uri_t* uri) const { mongoc_uri_destroy(uri); }
};

/// Waits that are bounded, no repeated writes (a repeated insert would find its own record), and
/// reads that never come from a member that lags.
void set_options(mongoc_uri_t* uri) {
  const auto bound = [uri](const char* option, int milliseconds) {
    if (!mongoc_uri_has_option(uri, option)) {
      mongoc_uri_set_option_as_int32(uri, option, milliseconds);
    }
  };
  bound(MONGOC_URI_SERVERSELECTIONTIMEOUTMS, 2000);
  bound(MONGOC_URI_CONNECTTIMEOUTMS, 2000);
  bound(MONGOC_URI_SOCKETTIMEOUTMS, 5000);
  mongoc_uri_set_option_as_bool(uri, MONGOC_URI_RETRYWRITES, false);
  mongoc_uri_set_option_as_bool(uri, MONGOC_URI_RETRYREADS, false);
  mongoc_read_prefs_t* const primary = mongoc_read_prefs_new(MONGOC_READ_PRIMARY);
  mongoc_uri_set_read_prefs_t(uri, primary);
  mongoc_read_prefs_destroy(primary);
}

std::string explained(const database& at, const bson_error_t& why) {
  return at.shown() + ": " + why.message;
}

/// The server said no before it did anything.
bool surely_refused(const bson_error_t& why) {
  if (why.domain == MONGOC_ERROR_SERVER_SELECTION || why.domain == MONGOC_ERROR_BSON ||
      why.domain == MONGOC_ERROR_COMMAND) {
    return true;
  }
  switch (why.code) {
    case unauthorized:
    case authentication_failed:
    case document_too_large:
    case out_of_disk_space:
    case not_writable_primary:
    case not_primary_no_secondary_ok:
      return why.domain == MONGOC_ERROR_SERVER;
    default:
      return false;
  }
}

}  // namespace

result<std::shared_ptr<database>> database::at(const store_location& location) {
  initialise();
  const auto shown = without_secrets(location.url);
  bson_error_t why;
  const std::unique_ptr<mongoc_uri_t, uri_deleter> uri(
      mongoc_uri_new_with_error(location.url.c_str(), &why));
  if (!uri) {
    // The reason may quote a part of the URL, so it is told only where nothing in there is secret.
    const bool harmless = shown == location.url && location.url.find('@') == std::string::npos;
    return fail(errc::invalid_parameter, "the store URL '" + shown + "' is not one of MongoDB's" +
                                             (harmless ? std::string(": ") + why.message : ""));
  }
  set_options(uri.get());
  const char* const named = mongoc_uri_get_database(uri.get());
  std::string name = named != nullptr && *named != '\0' ? named : "keelson";
  mongoc_client_pool_t* const pool = mongoc_client_pool_new_with_error(uri.get(), &why);
  if (pool == nullptr) {
    return fail(errc::invalid_parameter, "the store URL '" + shown + "' cannot be used");
  }
  mongoc_client_pool_set_error_api(pool, MONGOC_ERROR_API_VERSION_2);
  mongoc_client_pool_set_appname(pool, "keelson");
  return std::shared_ptr<database>(new database(pool, std::move(name), shown));
}

database::~database() {
  mongoc_client_pool_destroy(pool_);
}

table::table(const database& from, const char* name)
    : lease_(from),
      collection_(mongoc_client_get_collection(lease_.client(), from.name().c_str(), name)) {
  mongoc_read_concern_t* const majority = mongoc_read_concern_new();
  mongoc_read_concern_set_level(majority, MONGOC_READ_CONCERN_LEVEL_MAJORITY);
  mongoc_collection_set_read_concern(collection_, majority);
  mongoc_read_concern_destroy(majority);
}

void demand(bson_doc& options, surety how) {
  mongoc_write_concern_t* const concern = mongoc_write_concern_new();
  mongoc_write_concern_set_wmajority(concern, concern_milliseconds);
  if (how == surety::journaled) mongoc_write_concern_set_journal(concern, true);
  mongoc_write_concern_append(concern, options.get());
  mongoc_write_concern_destroy(concern);
}

bool is_taken(const bson_error_t& why) {
  return why.code == duplicate_key || why.code == duplicate_key_update;
}

error write_error(const database& at, const bson_error_t& why) {
  auto code = surely_refused(why) ? errc::unavailable : errc::outcome_unknown;
  if (why.domain == MONGOC_ERROR_SERVER && why.code == out_of_disk_space) {
    code = errc::storage_full;
  }
  if (why.domain == MONGOC_ERROR_SERVER && why.code == document_too_large) code = errc::too_large;
  return {.code = code, .detail = explained(at, why)};
}

error read_error(const database& at, const bson_error_t& why) {
  return {.code = errc::unavailable, .detail = explained(at, why)};
}

}  // namespace keelson::backends::mongo
