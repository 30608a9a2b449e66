#pragma once

#include <string>

#include "protocols/bridge/client_stream.hpp"
#include "protocols/model/error.hpp"

namespace keelson::http {

/// The PEM files of a server: the certificate with those that vouch for it behind it, and its
/// private key, which must not ask for a password.
struct tls_files {
  std::string certificate;
  std::string key;
};

/// Reads them: TLS 1.2 and 1.3, HTTP/1.1. Null when no files are named. invalid_parameter says
/// which file is wrong, and why.
[[nodiscard]] result<bridge::client_stream::tls_keys> read_tls_keys(const tls_files& from);

}  // namespace keelson::http
