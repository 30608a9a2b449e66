#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <prometheus/counter.h>

#include "actors/system/assembly.hpp"
#include "backends/data_folder/data_folder.hpp"
#include "backends/decorators/fault_plan.hpp"
#include "metrics/registry.hpp"
#include "protocols/bridge/feed_outlet.hpp"
#include "tests/simulation/findings.hpp"
#include "tests/simulation/mutation.hpp"
#include "tests/simulation/simulated_disk.hpp"
#include "tests/simulation/simulated_subscriber.hpp"
#include "tests/simulation/strained_store.hpp"
#include "tests/support/virtual_system.hpp"

namespace keelson::test {

/// What a client knows of one write: all values are different, so that each is found in the log.
struct sent_write {
  std::string id;    ///< of the request
  bool cut = false;  ///< the process died before it answered
  std::optional<messages::answer<messages::write_receipt>> answer;
};

/// Workers that died and were replaced, by what they were.
struct death_counts {
  prometheus::Counter writers;
  prometheus::Counter readers;
  prometheus::Counter replicators;
  prometheus::Counter comparers;
};

/// What a process finds when it starts, and what it leaves.
struct surroundings {
  virtual_system& world;
  std::shared_ptr<const backends::data_folder> folder;
  simulated_disk& primary;
  simulated_disk& secondary;
  std::shared_ptr<backends::fault_plan> primary_faults;
  std::shared_ptr<backends::fault_plan> secondary_faults;
  std::shared_ptr<death_plan> deaths;
  death_counts& died;
  std::function<std::uint64_t()> random;
  std::size_t ring_bytes = 0;
  mutation made_wrong = mutation::none;
};

/// One life of the service but for its front: from the start of a process to its end.
class simulated_process {
 public:
  simulated_process(const surroundings& in, std::vector<sent_write>& writes, findings& found);
  simulated_process(const simulated_process&) = delete;
  simulated_process& operator=(const simulated_process&) = delete;
  ~simulated_process();

  /// Ends in order; every request has its answer then.
  void stop();
  /// Ends at once, in the middle of whatever it does.
  void kill();

  void write(messages::write_batch batch, std::size_t first);
  /// Sessions on the primary are lost; new ones see what now lies on its disk.
  void cut_primary_line();
  [[nodiscard]] const system::assembly& parts() const noexcept { return parts_; }
  [[nodiscard]] feed_access access() { return {parts_, *outlet_, runner_}; }
  /// Lets the IO thread do what is posted to it.
  void poll() {
    loop_.restart();
    loop_.poll();
  }

 private:
  struct lines;
  [[nodiscard]] system::assembly_options options();
  void end();

  surroundings in_;
  findings& found_;
  metrics::registry metrics_;
  std::shared_ptr<lines> lines_;
  boost::asio::io_context loop_;
  system::assembly parts_;
  std::unique_ptr<bridge::feed_outlet> outlet_;
  caf::actor client_;
  caf::actor runner_;
  bool running_ = true;
};

}  // namespace keelson::test
