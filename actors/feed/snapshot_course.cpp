#include "actors/feed/snapshot_course.hpp"

#include <algorithm>
#include <utility>

namespace keelson::feed {

namespace {

/// Of a page, whose rest is held while the client takes it.
constexpr std::uint32_t page_bytes = std::uint32_t{1} << 20;

}  // namespace
namespace {

/// Behind every key: no UTF-8 text holds this byte.
document_id end_of_collection(const std::string& name) {
  return {collection_name::trusted(name), document_key::trusted("\xff")};
}

}  // namespace

snapshot_course::snapshot_course(const position& start, const change_filter& filter,
                                 wire::change_values values, std::uint32_t page_documents)
    : collections_(filter.collections),
      prefix_(filter.prefix),
      values_(values),
      page_documents_(page_documents),
      at_(start) {
  if (collections_.empty()) collections_.emplace_back();
  std::ranges::sort(collections_);
  collections_.erase(std::unique(collections_.begin(), collections_.end()), collections_.end());
}

messages::list_request snapshot_course::request() const {
  const auto& collection = collections_[current_];
  return {.collection = collection_name::trusted(collection),
          .prefix = collection.empty() ? std::string() : prefix_,
          .after = after_.key.text(),
          .after_collection = collection.empty() ? after_.collection : collection_name(),
          .limit = page_documents_,
          .max_bytes = page_bytes,
          .values = values_ == wire::change_values::with ? messages::list_values::with
                                                         : messages::list_values::without,
          .minimum = at_};
}

result<void> snapshot_course::took(messages::list_page& page) {
  if (page.at.epoch != at_.epoch || page.at.at < at_.at) {
    return fail(errc::history_lost, "the history was replaced during the snapshot");
  }
  const auto before = std::exchange(copied_, end_of(page));
  if (page.at_end != 0) {
    ++current_;
    after_ = {};
  } else if (!page.documents.empty()) {
    after_ = page.documents.back().id;
  }
  std::erase_if(page.documents,
                [this](const auto& d) { return !d.id.key.text().starts_with(prefix_); });
  bounds_ = {page.at.at, before.value_or(document_id())};
  stage_ = stage::merging;
  return {};
}

/// Up to where everything is copied once the page is.
std::optional<document_id> snapshot_course::end_of(const messages::list_page& page) const {
  if (page.at_end != 0) return end_of_collection(collections_[current_]);
  return page.documents.empty() ? copied_ : page.documents.back().id;
}

void snapshot_course::merged() {
  at_.at = bounds_.until;
  stage_ = current_ == collections_.size() ? stage::complete : stage::reading;
}

}  // namespace keelson::feed
