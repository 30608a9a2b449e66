#include "protocols/http/tls_keys.hpp"

#include <boost/asio/ssl/context.hpp>
#include <openssl/ssl.h>

namespace keelson::http {

namespace ssl = boost::asio::ssl;

namespace {

/// ALPN's list of one: a length and a name (RFC 7301, 3.1).
constexpr unsigned char offered[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

/// Who offers only other protocols gets no word about this one, as RFC 7301 leaves open, since
/// clients are known that offer h2 alone and speak HTTP/1.1.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* wanted, unsigned int wanted_size, void*) {
  unsigned char* found = nullptr;
  const int outcome =
      SSL_select_next_proto(&found, size, offered, sizeof offered, wanted, wanted_size);
  *chosen = found;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

error wrong(std::string_view what, const std::string& file, const boost::system::error_code& why) {
  return {.code = errc::invalid_parameter,
          .detail = std::string(what) + " " + file + ": " + why.message()};
}

}  // namespace

result<bridge::client_stream::tls_keys> read_tls_keys(const tls_files& from) {
  if (from.certificate.empty()) return nullptr;
  auto keys = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code failed;
  keys->set_options(ssl::context::default_workarounds | ssl::context::no_compression |
                    ssl::context::no_sslv3 | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  // A key that asks would wait for the terminal.
  keys->set_password_callback([](std::size_t, ssl::context::password_purpose) { return ""; });
  keys->use_certificate_chain_file(from.certificate, failed);
  if (failed) return std::unexpected(wrong("the certificate", from.certificate, failed));
  keys->use_private_key_file(from.key, ssl::context::pem, failed);
  if (failed) return std::unexpected(wrong("the private key", from.key, failed));
  SSL_CTX_set_alpn_select_cb(keys->native_handle(), choose_protocol, nullptr);
  return keys;
}

}  // namespace keelson::http
