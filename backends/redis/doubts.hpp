#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backends/redis/connection.hpp"
#include "backends/redis/layout.hpp"
#include "backends/redis/server_facts.hpp"
#include "backends/redis/stored.hpp"

namespace keelson::backends::redis {

/// Notices from outside the documents that they may not be those that were applied: the server was
/// started anew, has let keys go, or has fewer keys than the state counts. Where the database is
/// ours alone the number of its keys shows that all are there, whatever its counters say.
class doubts {
 public:
  doubts(const layout& names, std::uint32_t database) : names_(names), database_(database) {}

  /// The reason, also when it was given before; empty while there is none. Indexes that name too
  /// few keys are completed. Fails with store_io when what is ours is gone, and like
  /// check_server().
  [[nodiscard]] result<std::string> find(connection& server);
  /// The documents were compared since: what the last find() saw is no doubt any more.
  [[nodiscard]] result<void> settle(connection& server);

 private:
  struct sighting {
    server_facts facts;
    stored_state stored;
    std::uint64_t keys = 0;     ///< in the database
    std::uint64_t of_ours = 0;  ///< if all are there
    std::uint64_t indexed = 0;
    bool listed = true;  ///< the collections are those that were asked for
  };
  [[nodiscard]] result<void> list_collections(connection& server);
  [[nodiscard]] result<sighting> look(connection& server) const;
  [[nodiscard]] result<sighting> look_at_all(connection& server);
  [[nodiscard]] std::string reason(const sighting& seen);
  [[nodiscard]] static std::uint64_t missing_in(const sighting& seen);

  const layout& names_;
  std::uint32_t database_;
  std::optional<std::vector<std::string>> collections_;
  std::optional<sighting> held_;  ///< of the doubt that is not settled
  std::string reason_;            ///< of it
  bool was_expiring_ = false;
  std::uint64_t missing_ = 0;  ///< keys, as of the last time that settle() was called
};

}  // namespace keelson::backends::redis
