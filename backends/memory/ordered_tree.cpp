#include "backends/memory/ordered_tree.hpp"

#include <functional>
#include <utility>

namespace keelson::backends::memory {

namespace {

tree node_of(entry_ptr entry, tree left, tree right) {
  return std::make_shared<const tree_node>(
      tree_node{std::move(entry), std::move(left), std::move(right)});
}

bool above(const tree& a, const tree& b) {
  return a->entry->priority > b->entry->priority;
}

/// A node with these two beneath it, of which at most one (just changed) has to rise above it.
tree joined(const entry_ptr& entry, tree left, tree right) {
  auto node = node_of(entry, std::move(left), std::move(right));
  if (node->left && above(node->left, node)) {
    const auto& up = node->left;
    return node_of(up->entry, up->left, node_of(entry, up->right, node->right));
  }
  if (node->right && above(node->right, node)) {
    const auto& up = node->right;
    return node_of(up->entry, node_of(entry, node->left, up->left), up->right);
  }
  return node;
}

/// One tree of two, where every key of `a` comes before every key of `b`.
tree merged(const tree& a, const tree& b) {
  if (!a) return b;
  if (!b) return a;
  if (above(a, b)) return node_of(a->entry, a->left, merged(a->right, b));
  return node_of(b->entry, merged(a, b->left), b->right);
}

}  // namespace

entry_ptr make_entry(std::string_view key, std::string_view value) {
  // The standard library's hash of short strings is good in all its bits.
  return std::make_shared<const tree_entry>(
      tree_entry{std::string(key), std::string(value), std::hash<std::string_view>()(key)});
}

tree with(const tree& root, const entry_ptr& entry) {
  if (!root) return node_of(entry, nullptr, nullptr);
  const int order = entry->key.compare(root->entry->key);
  if (order == 0) return node_of(entry, root->left, root->right);
  if (order < 0) return joined(root->entry, with(root->left, entry), root->right);
  return joined(root->entry, root->left, with(root->right, entry));
}

tree without(const tree& root, std::string_view key) {
  if (!root) return root;
  const int order = key.compare(root->entry->key);
  if (order == 0) return merged(root->left, root->right);
  if (order < 0) {
    auto left = without(root->left, key);
    return left == root->left ? root : node_of(root->entry, std::move(left), root->right);
  }
  auto right = without(root->right, key);
  return right == root->right ? root : node_of(root->entry, root->left, std::move(right));
}

const tree_entry* find(const tree& root, std::string_view key) {
  const auto* node = root.get();
  while (node != nullptr) {
    const int order = key.compare(node->entry->key);
    if (order == 0) return node->entry.get();
    node = order < 0 ? node->left.get() : node->right.get();
  }
  return nullptr;
}

result<ordered_kv::step> walk(const tree& root, const ordered_kv::key_range& range,
                              ordered_kv::direction order, const ordered_kv::pair_visitor& visit) {
  using ordered_kv::step;
  if (!root) return step::go_on;
  const auto& [key, value, priority] = *root->entry;
  const bool reached = key >= range.first;
  const bool inside = reached && (range.end.empty() || key < range.end);
  const bool below_end = inside || !reached;
  const bool forward = order == ordered_kv::direction::forward;

  const auto descend = [&](const tree& child, bool worth_it) -> result<step> {
    return worth_it ? walk(child, range, order, visit) : step::go_on;
  };
  auto next = forward ? descend(root->left, reached) : descend(root->right, below_end);
  if (!next || *next == step::stop) return next;
  if (inside) {
    next = visit(key, value);
    if (!next || *next == step::stop) return next;
  }
  return forward ? descend(root->right, below_end) : descend(root->left, reached);
}

}  // namespace keelson::backends::memory
