#include "backends/redis/layout.hpp"

#include <utility>

namespace keelson::backends::redis {

std::string layout::index(std::string_view collection) const {
  return root_ + ".keys:" + std::string(collection);
}

std::string layout::document(const document_id& id) const {
  return root_ + id.collection.text() + ':' + id.key.text();
}

std::optional<document_id> layout::document_of(std::string_view key) const {
  if (!key.starts_with(root_)) return std::nullopt;
  key.remove_prefix(root_.size());
  const auto colon = key.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto collection = collection_name::parse(key.substr(0, colon));
  auto name = document_key::parse(key.substr(colon + 1));
  if (!collection || !name) return std::nullopt;
  return document_id{std::move(*collection), std::move(*name)};
}

}  // namespace keelson::backends::redis
