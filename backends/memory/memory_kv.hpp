#pragma once

#include <memory>
#include <mutex>

#include "backends/memory/ordered_tree.hpp"
#include "backends/ordered_kv/kv_engine.hpp"

namespace keelson::backends::memory {

/// One place in memory. A write makes a new tree; a view holds the one it began with.
class memory_kv final : public ordered_kv::kv_engine {
 public:
  explicit memory_kv(tree root = {}) : root_(std::move(root)) {}

  [[nodiscard]] std::unique_ptr<ordered_kv::kv_view> snapshot() override;
  [[nodiscard]] std::unique_ptr<ordered_kv::kv_view> latest() override;
  [[nodiscard]] std::unique_ptr<ordered_kv::kv_batch> new_batch() override;
  [[nodiscard]] result<void> write(ordered_kv::kv_batch& batch,
                                   ordered_kv::write_mode mode) override;
  [[nodiscard]] result<void> sync() override;

  [[nodiscard]] tree root() const;

 private:
  mutable std::mutex mutex_;
  tree root_;
};

}  // namespace keelson::backends::memory
