#pragma once

#include <atomic>
#include <memory>

#include "backends/redis/address.hpp"
#include "backends/redis/layout.hpp"
#include "backends/redis/server_facts.hpp"
#include "backends/store.hpp"

namespace keelson::backends::redis {

/// Of a primary, which is refused where the server does not keep what it acknowledges. A commit or
/// apply is one MULTI/EXEC; a scan takes several commands.
inline constexpr capabilities abilities{
    .durable = true,
    .transactional = true,
    .snapshots = false,
    .ordered_scan = true,
    .primary = true,
    .apply_rows = 1000,
};

/// A place of ours on a server. Each session has a connection of its own, to whichever server is
/// the master when it is opened.
class redis_store final : public store, public std::enable_shared_from_this<redis_store> {
 public:
  redis_store(redis_address address, store_role role)
      : address_(std::move(address)), names_(address_.prefix), role_(role) {}

  /// How much of a secondary survives a crash is the server's setting.
  [[nodiscard]] capabilities abilities() const override {
    auto has = redis::abilities;
    has.durable = role_ == store_role::primary;
    return has;
  }
  [[nodiscard]] result<std::unique_ptr<primary_session>> open_primary() override;
  [[nodiscard]] result<std::unique_ptr<secondary_session>> open_secondary() override;
  [[nodiscard]] result<std::unique_ptr<store_reader>> open_reader() override;
  [[nodiscard]] result<std::unique_ptr<primary_reader>> open_primary_reader() override;

 private:
  friend class writing_turn;
  [[nodiscard]] result<void> expect(store_role role) const;

  redis_address address_;
  layout names_;
  store_role role_;
  std::atomic<bool> writing_ = false;
};

/// The one session of a store that writes, for as long as this lives. Keeps the store open.
class writing_turn {
 public:
  /// Fails with busy while another session has it.
  [[nodiscard]] static result<writing_turn> take(std::shared_ptr<redis_store> of);
  ~writing_turn() {
    if (of_) of_->writing_ = false;
  }
  writing_turn(writing_turn&&) noexcept = default;
  writing_turn& operator=(writing_turn&&) = delete;

 private:
  explicit writing_turn(std::shared_ptr<redis_store> of) : of_(std::move(of)) {}
  std::shared_ptr<redis_store> of_;
};

/// A connection to a server on which a store of the role may lie.
struct checked_server {
  connection server;
  server_facts facts;
};
[[nodiscard]] result<checked_server> reach_server(const redis_address& address, store_role role);

}  // namespace keelson::backends::redis
