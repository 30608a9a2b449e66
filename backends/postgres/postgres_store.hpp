#pragma once

#include <atomic>
#include <memory>

#include "backends/postgres/database_lock.hpp"
#include "backends/postgres/server.hpp"
#include "backends/store.hpp"

namespace keelson::backends::postgres {

inline constexpr capabilities abilities{.durable = true,
                                        .transactional = true,
                                        .snapshots = true,
                                        .ordered_scan = true,
                                        .primary = true};

/// The store of one database. Each session has a connection of its own.
class postgres_store final : public store, public std::enable_shared_from_this<postgres_store> {
 public:
  postgres_store(std::shared_ptr<const server> where, store_role role, database_lock lock)
      : lock_(std::move(lock)), where_(std::move(where)), role_(role) {}

  [[nodiscard]] capabilities abilities() const override { return postgres::abilities; }
  [[nodiscard]] result<std::unique_ptr<primary_session>> open_primary() override;
  [[nodiscard]] result<std::unique_ptr<secondary_session>> open_secondary() override;
  [[nodiscard]] result<std::unique_ptr<store_reader>> open_reader() override;
  [[nodiscard]] result<std::unique_ptr<primary_reader>> open_primary_reader() override;

  /// Lets the lock go: the connection that writes is lost, and the store has to be opened anew,
  /// while readers may still hold this one. Thread-safe.
  void give_up() { lock_.release(); }

 private:
  friend class writing_turn;
  [[nodiscard]] result<connection> open_writer(server::commits how);
  [[nodiscard]] result<void> expect(store_role role) const;

  database_lock lock_;
  std::shared_ptr<const server> where_;
  store_role role_;
  std::atomic<bool> writing_ = false;
};

/// The one session of a store that writes, for as long as this lives. Keeps the store open.
class writing_turn {
 public:
  /// Fails with busy while another session has it.
  [[nodiscard]] static result<writing_turn> take(std::shared_ptr<postgres_store> of);
  ~writing_turn() {
    if (of_) of_->writing_ = false;
  }
  writing_turn(writing_turn&&) noexcept = default;
  writing_turn& operator=(writing_turn&&) = delete;
  [[nodiscard]] postgres_store& store() const noexcept { return *of_; }

 private:
  explicit writing_turn(std::shared_ptr<postgres_store> of) : of_(std::move(of)) {}
  std::shared_ptr<postgres_store> of_;
};

}  // namespace keelson::backends::postgres
