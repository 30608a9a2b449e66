#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "backends/file_lock.hpp"
#include "backends/sqlite/checkpointer.hpp"
#include "backends/sqlite/connection.hpp"
#include "backends/store.hpp"

namespace keelson::backends::sqlite {

inline constexpr capabilities abilities{.durable = true,
                                        .transactional = true,
                                        .snapshots = true,
                                        .ordered_scan = true,
                                        .primary = true};

/// One database file that is open. Each session has a connection of its own.
class sqlite_store final : public store, public std::enable_shared_from_this<sqlite_store> {
 public:
  /// `file` bears the mark of `role` already.
  [[nodiscard]] static result<std::shared_ptr<sqlite_store>> open(std::filesystem::path file,
                                                                  store_role role, file_lock lock);

  [[nodiscard]] capabilities abilities() const override { return sqlite::abilities; }
  [[nodiscard]] result<std::unique_ptr<primary_session>> open_primary() override;
  [[nodiscard]] result<std::unique_ptr<secondary_session>> open_secondary() override;
  [[nodiscard]] result<std::unique_ptr<store_reader>> open_reader() override;
  [[nodiscard]] result<std::unique_ptr<primary_reader>> open_primary_reader() override;

  /// store_io once a write or a sync of this store has failed: nothing is known of what the engine
  /// still holds, and it has to be opened anew.
  [[nodiscard]] result<void> check() const;
  /// Marks the store as failed when `e` is store_io; gives `e` back.
  [[nodiscard]] error noted(error e);

 private:
  friend class writing_turn;
  sqlite_store(std::filesystem::path file, store_role role, file_lock lock)
      : lock_(std::move(lock)), file_(std::move(file)), role_(role) {}
  [[nodiscard]] result<connection> open_writer(open_mode mode, const char* synchronous);
  [[nodiscard]] result<void> expect(store_role role) const;

  file_lock lock_;  // first, so that it is given back last
  std::filesystem::path file_;
  store_role role_;
  std::atomic<bool> failed_ = false;
  std::atomic<bool> writing_ = false;
  std::unique_ptr<checkpointer> checkpointer_;
};

/// The one session of a store that writes, for as long as this lives. Keeps the store open.
class writing_turn {
 public:
  /// Fails with busy while another session has it.
  [[nodiscard]] static result<writing_turn> take(std::shared_ptr<sqlite_store> of);
  ~writing_turn() {
    if (of_) of_->writing_ = false;
  }
  writing_turn(writing_turn&&) noexcept = default;
  writing_turn& operator=(writing_turn&&) = delete;
  [[nodiscard]] sqlite_store& store() const noexcept { return *of_; }

 private:
  explicit writing_turn(std::shared_ptr<sqlite_store> of) : of_(std::move(of)) {}
  std::shared_ptr<sqlite_store> of_;
};

}  // namespace keelson::backends::sqlite
