#include "backends/memory/memory_kv.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace keelson::backends::memory {

namespace {

using namespace ordered_kv;

result<void> get_from(const tree& root, std::span<const std::string_view> keys,
                      const value_sink& sink) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto* const entry = find(root, keys[i]);
    if (entry == nullptr) continue;
    if (auto taken = sink(i, entry->value); !taken) return taken;
  }
  return {};
}

result<void> visit_in(const tree& root, const key_range& range, direction order,
                      const pair_visitor& visit) {
  auto walked = walk(root, range, order, visit);
  if (!walked) return pass_on(std::move(walked));
  return {};
}

class snapshot_view final : public kv_view {
 public:
  explicit snapshot_view(tree root) : root_(std::move(root)) {}

  result<void> get(std::span<const std::string_view> keys, const value_sink& sink) override {
    return get_from(root_, keys, sink);
  }
  result<void> visit(const key_range& range, direction order, const pair_visitor& visit) override {
    return visit_in(root_, range, order, visit);
  }

 private:
  tree root_;
};

class newest_view final : public kv_view {
 public:
  explicit newest_view(const memory_kv& place) : place_(place) {}

  result<void> get(std::span<const std::string_view> keys, const value_sink& sink) override {
    return get_from(place_.root(), keys, sink);
  }
  result<void> visit(const key_range& range, direction order, const pair_visitor& visit) override {
    return visit_in(place_.root(), range, order, visit);
  }

 private:
  const memory_kv& place_;
};

class memory_batch final : public kv_batch {
 public:
  void clear() override { steps_.clear(); }
  void put(std::string_view key, std::string_view value) override {
    steps_.emplace_back(make_entry(key, value));
  }
  void remove(std::string_view key) override { steps_.emplace_back(std::string(key)); }

  [[nodiscard]] tree apply_to(tree root) const {
    for (const auto& change : steps_) {
      const auto* const entry = std::get_if<entry_ptr>(&change);
      root = entry != nullptr ? with(root, *entry) : without(root, std::get<std::string>(change));
    }
    return root;
  }

 private:
  std::vector<std::variant<entry_ptr, std::string>> steps_;
};

}  // namespace

tree memory_kv::root() const {
  const std::scoped_lock lock(mutex_);
  return root_;
}

std::unique_ptr<kv_view> memory_kv::snapshot() {
  return std::make_unique<snapshot_view>(root());
}

std::unique_ptr<kv_view> memory_kv::latest() {
  return std::make_unique<newest_view>(*this);
}

std::unique_ptr<kv_batch> memory_kv::new_batch() {
  return std::make_unique<memory_batch>();
}

result<void> memory_kv::write(kv_batch& batch, write_mode) {
  // Writers come one at a time (they hold writing()), so the tree is made outside of the lock; and
  // the old one goes outside of it too.
  auto next = static_cast<const memory_batch&>(batch).apply_to(root());
  const std::scoped_lock lock(mutex_);
  root_.swap(next);
  return {};
}

result<void> memory_kv::sync() {
  return {};
}

}  // namespace keelson::backends::memory
