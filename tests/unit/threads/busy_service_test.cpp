#include <future>

#include <boost/json.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>

#include "actors/system/assembly.hpp"
#include "actors/system/observatory.hpp"
#include "protocols/http/server.hpp"
#include "tests/support/virtual_system.hpp"
#include "tests/unit/http/raw_client.hpp"

// Every part of a service on threads of its own, with all of them at work at once. What it does is
// tested elsewhere; here it is for ThreadSanitizer to look at.
namespace keelson {

namespace {

using test::raw_client;

constexpr std::chrono::seconds patience{60};  // nothing is told of how long something takes

/// All but the process: actors over two stores in memory, and a front of two IO threads.
class busy_service {
 public:
  busy_service() {
    parts_ = system::assemble(actors_, options());
    caf::scoped_actor self(actors_);
    self->request(parts_.writer, caf::infinite, messages::start_atom::value)
        .receive([](const messages::answer<log_point>&) {},
                 [](const caf::error&) { throw std::logic_error("no answer to start"); });
    http::server_options front;
    front.io_threads = 2;
    front.default_timeout = patience;
    front.registry = &observed_.registry();
    front.metrics_text = [this, ring = parts_.ring] { return observed_.expose(*ring); };
    const auto bound = http::bound_address::take(front.address, 0);
    if (!bound) throw std::runtime_error(bound.error().detail);
    front_ = std::make_unique<http::server>(std::move(front), actors_, services());
    port_ = front_->start(**bound).value();
  }

  /// The names of the phases that were not clean.
  std::vector<std::string> stop() {
    front_->drain(patience);
    front_->stop();
    front_.reset();
    auto phases = system::stop_order(parts_);
    for (auto& phase : phases) phase.deadline = patience;
    parts_ = {};
    return system::stop_in_phases(actors_, phases);
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  system::assembly_options options() {
    system::assembly_options out;
    out.primary.location = {"memory:", folder_.path()};
    auto folder = backends::data_folder::open(folder_.path());
    if (!folder) throw std::runtime_error(folder.error().detail);
    out.primary.folder = std::make_shared<backends::data_folder>(*std::move(folder));
    out.primary.volatility = store::volatile_policy::allow;
    out.primary.now = system_wall_clock();
    out.primary.ages = system_wall_clock();
    out.primary.random = [] { return std::random_device()(); };
    out.primary.metrics = &observed_.registry();
    out.primary.decorate = observed_.primary_decoration();
    replicator::replicator_options secondary;
    secondary.worker.name = "kv";
    secondary.worker.location = {"memory:busy-kv", folder_.path()};
    secondary.worker.engine = *backends::engine_for(secondary.worker.location.url);
    secondary.worker.decorate = observed_.secondary_decoration("kv");
    secondary.observe = observed_.secondary_observer("kv");
    secondary.now = system_wall_clock();
    out.secondaries.push_back(std::move(secondary));
    out.validator.secondaries.push_back({.name = "kv"});
    out.validator.metrics = &observed_.registry();
    return out;
  }

  bridge::services services() {
    const auto& secondary = parts_.secondaries.front();
    return {.writer = caf::actor_cast<messages::writer>(parts_.writer),
            .primary = caf::actor_cast<messages::reader>(parts_.reader),
            .primary_reporter = caf::actor_cast<messages::primary_reporter>(parts_.writer),
            .secondaries =
                {{.name = secondary.name,
                  .reader = caf::actor_cast<messages::reader>(secondary.reader),
                  .reporter = caf::actor_cast<messages::secondary_reporter>(secondary.replicator),
                  .verbs = caf::actor_cast<messages::secondary_operator>(secondary.replicator)}},
            .feed = caf::actor_cast<messages::feed>(parts_.feed),
            .ring = parts_.ring,
            .validator = caf::actor_cast<messages::validator>(parts_.validator)};
  }

  test::temporary_folder folder_;
  system::observatory observed_{"test"};
  caf::actor_system_config config_;
  caf::actor_system actors_{config_};
  system::assembly parts_;
  std::unique_ptr<http::server> front_;
  std::uint16_t port_ = 0;
};

constexpr int rounds = 60;

/// Writes documents of its own, reads them from the secondary, and asks for all that is shown.
/// Returns what was not answered as it should be.
std::vector<std::string> serve_oneself(std::uint16_t port, const std::string& name) {
  raw_client client(port);
  std::vector<std::string> wrong;
  const auto ask = [&](std::string_view method, const std::string& target, std::string_view body) {
    auto answer = client.ask(method, target, {}, body);
    if (answer.status / 100 != 2) wrong.push_back(target + " -> " + answer.head + answer.body);
    return answer.body;
  };
  const auto expect = [&](const std::string& target, const std::string& value) {
    if (const auto got = ask("GET", target, {}); got != value)
      wrong.push_back(target + " -> " + got + " instead of " + value);
  };
  ask("GET", "/v1/changes?since=start&wait=1s", {});
  for (int round = 0; round < rounds; ++round) {
    const std::string path = "/v1/kv/things/" + name + std::to_string(round % 7);
    const std::string value = std::to_string(round);
    const auto written = boost::json::parse(ask("PUT", path, value));
    const std::string at(written.at("position").as_string());
    expect(path + "?store=kv&min_position=" + at, value);
    expect(path + "?verify=async", value);
    if (round % 10 == 0) {
      expect(path + "?verify=wait", value);
      for (const char* shown : {"/v1/kv/things?limit=5", "/v1/status", "/metrics"})
        ask("GET", shown, {});
      ask("GET", "/v1/changes?limit=5&since=" + at, {});
    }
    if (round == rounds / 2 && name == "a") ask("POST", "/v1/verify", "{}");  // one at a time
  }
  return wrong;
}

}  // namespace

TEST_CASE("a service that is busy on all its threads, and stops") {
  busy_service service;
  std::vector<std::future<std::vector<std::string>>> clients;
  for (const char* name : {"a", "b", "c", "d"})
    clients.push_back(std::async(std::launch::async, serve_oneself, service.port(), name));
  for (auto& each : clients) CHECK(each.get() == std::vector<std::string>());
  CHECK(service.stop().empty());
}

}  // namespace keelson
