#include "backends/files/collection_usage.hpp"

namespace keelson::backends::files {

void collection_usage::change(std::string_view collection, std::optional<std::size_t> before,
                              std::optional<std::size_t> after) {
  auto& [documents, bytes] = all_[std::string(collection)];
  documents += static_cast<std::int64_t>(after.has_value()) - before.has_value();
  bytes +=
      static_cast<std::int64_t>(after.value_or(0)) - static_cast<std::int64_t>(before.value_or(0));
}

result<void> collection_usage::check_since(const collection_usage& before) const {
  for (const auto& [name, now] : all_) {
    const auto known = before.all_.find(name);
    const auto old = known == before.all_.end() ? amount{} : known->second;
    const bool many = now.documents > most_documents && now.documents > old.documents;
    const bool large = now.bytes > most_bytes && now.bytes > old.bytes;
    if (!many && !large) continue;
    return fail(errc::storage_full,
                "the collection '" + name + "' would have " + std::to_string(now.documents) +
                    " documents and " + std::to_string(now.bytes) +
                    " bytes; a file: store holds at most 10,000 documents and 16 MiB a collection");
  }
  return {};
}

}  // namespace keelson::backends::files
