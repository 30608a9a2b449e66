#pragma once

#include <memory>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include "protocols/http/server.hpp"
#include "tests/unit/http/map_actors.hpp"

namespace keelson::test {

/// A server over actors that keep a map, on a free port unless one is given.
class running_server {
 public:
  explicit running_server(http::server_options options = {}, std::uint16_t port = 0);
  ~running_server();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] actor_control& control() noexcept { return *control_; }
  [[nodiscard]] http::server& server() noexcept { return *server_; }
  void end_actors() { end_map_actors(services_); }

 private:
  caf::actor_system_config config_;
  caf::actor_system system_;
  std::shared_ptr<actor_control> control_ = std::make_shared<actor_control>();
  bridge::services services_;
  std::unique_ptr<http::server> server_;
  std::uint16_t port_ = 0;
};

}  // namespace keelson::test
