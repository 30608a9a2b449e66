#include "tests/unit/http/running_server.hpp"

#include <stdexcept>

namespace keelson::test {

running_server::running_server(http::server_options options)
    : system_(config_), services_(spawn_map_actors(system_, control_)) {
  if (options.port == http::server_options().port) options.port = 0;
  options.version = "test";
  server_ = std::make_unique<http::server>(std::move(options), system_, services_);
  const auto port = server_->start();
  if (!port) throw std::runtime_error(port.error().detail);
  port_ = *port;
}

running_server::~running_server() {
  server_.reset();
  end_actors();
}

}  // namespace keelson::test
