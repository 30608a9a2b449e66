#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "backends/decorators/call_kind.hpp"
#include "protocols/model/document.hpp"
#include "protocols/model/error.hpp"

namespace keelson::backends {

enum class fault_moment : std::uint8_t {
  before,  ///< the call has no effect
  after,   ///< the call took effect and its answer is lost
};

/// What goes wrong in the stores that were given this plan. Every member may be called from any
/// thread at any time; chance follows the seed in the order of the calls.
class fault_plan {
 public:
  explicit fault_plan(std::uint64_t seed = 1) : random_(seed) {}

  /// The next `calls` calls of this kind fail. Faults of one kind queue up.
  void fail_next(call_kind kind, std::size_t calls, errc code,
                 fault_moment moment = fault_moment::before);
  /// Each call of this kind fails with this probability; the last word for the kind holds.
  void fail_randomly(call_kind kind, double probability, errc code,
                     fault_moment moment = fault_moment::before);

  /// Until come_up() every call fails with store_io.
  void go_down();
  void come_up();

  /// Calls of this kind do not return until release(), and go on then. Whoever hangs a call
  /// releases it, or its thread never ends.
  void hang(call_kind kind);
  void release();
  /// Returns when this many calls hang.
  void wait_until_hanging(std::size_t calls = 1);

  /// Reads do not find the document any more, or with another value and all else as stored.
  void lose(const document_id& id);
  void alter(const document_id& id, std::string value);
  /// Each document that is read is lost or has one bit of its value flipped with this probability.
  void corrupt_randomly(double probability);

  /// Everything planned so far is called off; hanging calls are released.
  void call_off();

  /// Calls of this kind that were begun.
  [[nodiscard]] std::uint64_t calls(call_kind kind) const;

  // For the decorator:

  struct decision {
    std::optional<error> before;
    std::optional<error> after;
  };
  /// What happens to a call that begins now; blocks while such calls hang.
  [[nodiscard]] decision begin(call_kind kind);
  void damage(std::vector<std::optional<document>>& documents);
  void damage(std::vector<document>& documents);

 private:
  struct fault {
    std::size_t calls = 0;
    errc code = errc::store_io;
    fault_moment moment = fault_moment::before;
  };
  struct chance {
    double probability = 0;
    fault then;
  };
  struct kind_state {
    std::uint64_t begun = 0;
    std::vector<fault> queued;  // the front first
    chance random;
    bool hangs = false;
  };
  enum class fate : std::uint8_t { kept, lost };

  [[nodiscard]] kind_state& of(call_kind kind) { return kinds_[static_cast<std::size_t>(kind)]; }
  [[nodiscard]] bool happens(double probability);
  [[nodiscard]] fate pass(document& seen);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::mt19937_64 random_;
  std::array<kind_state, call_kinds> kinds_;
  bool down_ = false;
  std::size_t hanging_ = 0;
  double corruption_ = 0;
  std::unordered_map<document_id, std::optional<std::string>, document_id_hash> damaged_;
};

}  // namespace keelson::backends
