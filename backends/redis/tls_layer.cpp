#include "backends/redis/tls_layer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

namespace keelson::backends::redis {

namespace {

constexpr std::size_t wire_bytes = std::size_t{64} << 10;

std::string reason() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  const char* const text = ERR_reason_error_string(code);
  return text != nullptr ? text : "TLS failed";
}

bool is_numeric(const std::string& host) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

std::unexpected<error> unusable(const std::filesystem::path& file) {
  return fail(errc::unavailable, "cannot use " + file.string() + " for TLS: " + reason());
}

}  // namespace

tls_layer::tls_layer() : wire_(wire_bytes) {}

result<void> tls_layer::configure(const server_address& peer, const tls_files& files) {
  context_.reset(SSL_CTX_new(TLS_client_method()));
  auto* const context = context_.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  if (files.authorities.empty()) {
    SSL_CTX_set_default_verify_paths(context);
  } else if (SSL_CTX_load_verify_locations(context, files.authorities.c_str(), nullptr) != 1) {
    return unusable(files.authorities);
  }
  if (!files.certificate.empty()) {
    if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
      return unusable(files.certificate);
    }
    if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
      return unusable(files.key);
    }
  }
  session_.reset(SSL_new(context));
  auto* const session = session_.get();
  if (is_numeric(peer.host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), peer.host.c_str());
  } else {
    SSL_set_tlsext_host_name(session, peer.host.c_str());
    SSL_set1_host(session, peer.host.c_str());
  }
  SSL_set_bio(session, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(session);
  return {};
}

result<tls_layer> tls_layer::begin(socket& over, const server_address& peer, const tls_files& files,
                                   const wait_limits& limits) {
  tls_layer made;
  if (auto done = made.configure(peer, files); !done) return pass_on(std::move(done));
  while (true) {
    const int outcome = SSL_do_handshake(made.session_.get());
    auto moved = made.go_on(over, outcome, limits);
    if (!moved) {
      const auto verdict = SSL_get_verify_result(made.session_.get());
      std::string why = verdict == X509_V_OK ? std::move(moved).error().detail
                                             : X509_verify_cert_error_string(verdict);
      return fail(errc::unavailable, "no TLS with " + peer.text() + ": " + why);
    }
    if (outcome == 1) return made;
  }
}

result<void> tls_layer::flush(socket& over, const wait_limits& limits) {
  auto* const out = SSL_get_wbio(session_.get());
  while (BIO_ctrl_pending(out) > 0) {
    const int taken = BIO_read(out, wire_.data(), static_cast<int>(wire_.size()));
    if (taken <= 0) break;
    const std::string_view bytes(wire_.data(), static_cast<std::size_t>(taken));
    if (auto sent = over.send(bytes, limits); !sent) return sent;
  }
  return {};
}

result<void> tls_layer::go_on(socket& over, int outcome, const wait_limits& limits) {
  const int need = SSL_get_error(session_.get(), outcome);
  if (auto sent = flush(over, limits); !sent) return sent;
  if (outcome > 0) return {};
  if (need == SSL_ERROR_ZERO_RETURN) return fail(errc::store_io, "the server ended TLS");
  if (need != SSL_ERROR_WANT_READ) return fail(errc::store_io, reason());
  auto got = over.receive(wire_, limits);
  if (!got) return pass_on(std::move(got));
  BIO_write(SSL_get_rbio(session_.get()), wire_.data(), static_cast<int>(*got));
  return {};
}

result<void> tls_layer::send(socket& over, std::string_view bytes, const wait_limits& limits) {
  while (!bytes.empty()) {
    const auto size = static_cast<int>(std::min(bytes.size(), wire_bytes));
    const int outcome = SSL_write(session_.get(), bytes.data(), size);
    if (auto moved = go_on(over, outcome, limits); !moved) return moved;
    if (outcome > 0) bytes.remove_prefix(static_cast<std::size_t>(outcome));
  }
  return {};
}

result<std::size_t> tls_layer::receive(socket& over, std::span<char> room,
                                       const wait_limits& limits) {
  while (true) {
    const auto size = static_cast<int>(std::min(room.size(), wire_bytes));
    const int outcome = SSL_read(session_.get(), room.data(), size);
    if (outcome > 0) return static_cast<std::size_t>(outcome);
    if (auto moved = go_on(over, outcome, limits); !moved) return pass_on(std::move(moved));
  }
}

}  // namespace keelson::backends::redis
