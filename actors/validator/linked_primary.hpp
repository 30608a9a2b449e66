#pragma once

#include <memory>
#include <utility>

#include "actors/primary_link.hpp"

namespace keelson::validator {

/// Reads the primary through a link: between any two calls its session can be taken away, and the
/// next call then fails or reads the store that was opened since.
class linked_primary final : public backends::primary_reader {
 public:
  explicit linked_primary(std::shared_ptr<actors::primary_link> link) : link_(std::move(link)) {}

  result<backends::store_point> point() override {
    return link_->use([](primary_reader& primary) { return primary.point(); });
  }
  result<backends::documents_read> get(std::span<const document_id> ids,
                                       std::size_t max_bytes) override {
    return link_->use([&](primary_reader& primary) { return primary.get(ids, max_bytes); });
  }
  result<backends::scan_page> scan(const backends::scan_request& request) override {
    return link_->use([&](primary_reader& primary) { return primary.scan(request); });
  }
  result<backends::primary_meta> meta() override {
    return link_->use([](primary_reader& primary) { return primary.meta(); });
  }
  result<backends::log_slice> read_log(sequence after, std::size_t max_records,
                                       std::size_t max_bytes) override {
    return link_->use(
        [&](primary_reader& primary) { return primary.read_log(after, max_records, max_bytes); });
  }
  result<std::optional<hash256>> chain_at(sequence at) override {
    return link_->use([&](primary_reader& primary) { return primary.chain_at(at); });
  }
  result<std::vector<backends::system_row>> system_rows(std::string_view prefix,
                                                        std::string_view after,
                                                        std::size_t limit) override {
    return link_->use(
        [&](primary_reader& primary) { return primary.system_rows(prefix, after, limit); });
  }

  /// Opens a session if there is none.
  result<void> open() {
    return link_->use([](primary_reader&) -> result<void> { return {}; });
  }
  void drop() { link_->drop(); }

 private:
  using primary_reader = backends::primary_reader;
  std::shared_ptr<actors::primary_link> link_;
};

}  // namespace keelson::validator
