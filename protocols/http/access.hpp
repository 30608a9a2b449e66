#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/model/error.hpp"

namespace keelson::http {

/// Which names and which pages may speak to a service that any page of a browser can reach. The
/// Host header guards against DNS rebinding: it has to name the service as its operator does.
class access_policy {
 public:
  access_policy(std::string listening, std::vector<std::string> host_names,
                std::vector<std::string> origins);

  /// `local` is the address that this connection came in on. forbidden unless the host is that,
  /// the listening address, a loopback name or a configured one; the port does not matter.
  [[nodiscard]] result<void> check_host(std::string_view host, std::string_view local) const;

  /// forbidden unless there is no origin, or it is the service's own page, or configured.
  [[nodiscard]] result<void> check_origin(std::string_view origin, std::string_view host) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::string> origins_;
};

}  // namespace keelson::http
