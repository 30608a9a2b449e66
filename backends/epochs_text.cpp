#include "backends/epochs_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace keelson::backends {

namespace {

/// From 64 hexadecimal digits.
std::optional<hash256> hash_from_hex(std::string_view digits) {
  hash256 hash;
  if (digits.size() != hash.bytes.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < hash.bytes.size(); ++i) {
    const auto* const first = digits.data() + 2 * i;
    if (std::from_chars(first, first + 2, hash.bytes[i], 16).ptr != first + 2) return std::nullopt;
  }
  return hash;
}

}  // namespace

std::string epochs_text(const primary_meta& meta) {
  std::string text;
  for (const auto& epoch : meta.epochs) {
    if (!text.empty()) text += ' ';
    text += position{epoch.name, epoch.base}.text() + ':' + epoch.chain.hex();
  }
  return text;
}

result<std::vector<epoch_entry>> parse_epochs(std::string_view text) {
  std::vector<epoch_entry> epochs;
  while (!text.empty()) {
    const auto piece = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), piece.size() + 1));
    const auto parting = piece.rfind(':');
    auto at = position::parse(piece.substr(0, parting));
    const auto chain = hash_from_hex(piece.substr(std::min(piece.size(), parting + 1)));
    if (!at || !chain) {
      return fail(errc::store_corrupt, "the meta row has an unreadable list of epochs");
    }
    epochs.push_back({std::move(at->epoch), at->at, *chain});
  }
  if (epochs.empty()) return fail(errc::store_corrupt, "the meta row names no epoch");
  return epochs;
}

}  // namespace keelson::backends
