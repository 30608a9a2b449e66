#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backends/store.hpp"

namespace keelson::backends::postgres {

/// Where a store is, out of a URL as libpq reads it
/// (https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING): also several hosts,
/// `target_session_attrs`, and everything about TLS.
class server {
 public:
  /// invalid_parameter for what libpq does not read; never with the password in the detail.
  [[nodiscard]] static result<std::shared_ptr<const server>> from_url(std::string_view url);

  /// The URL without secrets.
  [[nodiscard]] const std::string& shown() const noexcept { return shown_; }
  [[nodiscard]] const std::string& password() const noexcept { return password_; }

  /// The parameters of a connection whose commits are durable when they return, or only after a
  /// later one that is.
  enum class commits : std::uint8_t { durable, soon_durable };
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> parameters(commits how) const;

 private:
  std::vector<std::pair<std::string, std::string>> given_;
  std::string shown_;
  std::string password_;
};

/// What a server says of itself.
struct server_facts {
  int version = 0;  ///< 150018 for 15.18
  bool in_recovery = false;
  bool syncs = false;              ///< fsync
  bool writes_full_pages = false;  ///< full_page_writes
  std::string encoding;            ///< of the database
  std::int64_t started = 0;        ///< microseconds since 1970; names one life of one server
  std::chrono::milliseconds statement_timeout{0};
  int process = 0;  ///< of this connection
};

/// Whether a store can be opened there for writing. not_supported names the version, the encoding
/// or the setting that is in the way; unavailable says that the server is a stand-by.
[[nodiscard]] result<void> admit_server(const server_facts& facts, store_role role);

}  // namespace keelson::backends::postgres
