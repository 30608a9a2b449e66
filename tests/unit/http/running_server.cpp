#include "tests/unit/http/running_server.hpp"

#include <stdexcept>

namespace keelson::test {

running_server::running_server(http::server_options options, std::uint16_t port)
    : system_(config_), services_(spawn_map_actors(system_, control_)) {
  const auto bound = http::bound_address::take(options.address, port);
  if (!bound) throw std::runtime_error(bound.error().detail);
  options.version = "test";
  server_ = std::make_unique<http::server>(std::move(options), system_, services_);
  const auto started = server_->start(**bound);
  if (!started) throw std::runtime_error(started.error().detail);
  port_ = *started;
}

running_server::~running_server() {
  server_.reset();
  end_actors();
}

}  // namespace keelson::test
