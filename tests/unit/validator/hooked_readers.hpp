#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "backends/store.hpp"
#include "tests/unit/validator/world.hpp"

namespace keelson::test {

/// Runs a hook before and after each call. Without snapshots each document is read by itself with
/// the hook in between, and the point before and after all of them, as a store would that has no
/// snapshots.
template <class Interface>
class hooked_reader : public Interface {
 public:
  hooked_reader(std::unique_ptr<Interface> inner, const std::function<void()>& hook, snapshots mode)
      : inner_(std::move(inner)), hook_(hook), mode_(mode) {}

  result<backends::store_point> point() override {
    return around([&] { return inner_->point(); });
  }

  result<backends::documents_read> get(std::span<const document_id> ids,
                                       std::size_t max_bytes) override {
    return around([&]() -> result<backends::documents_read> {
      if (mode_ == snapshots::on) return inner_->get(ids, max_bytes);
      backends::documents_read out;
      out.at.before = *inner_->point();
      for (const auto& id : ids) {
        hook_();
        auto one = inner_->get({&id, 1}, max_bytes);
        out.documents.push_back(std::move(one->documents.front()));
      }
      hook_();
      out.at.after = *inner_->point();
      return out;
    });
  }

  result<backends::scan_page> scan(const backends::scan_request& request) override {
    return around([&]() -> result<backends::scan_page> {
      if (mode_ == snapshots::on) return inner_->scan(request);
      backends::scan_page out;
      out.at.before = *inner_->point();
      auto next = request;
      next.max_documents = 1;
      while (!out.at_end && out.documents.size() < request.max_documents) {
        hook_();
        auto page = inner_->scan(next);
        out.at_end = page->at_end;
        for (auto& d : page->documents) {
          next.after = d.id;
          out.documents.push_back(std::move(d));
        }
      }
      out.at.after = *inner_->point();
      return out;
    });
  }

 protected:
  template <class Call>
  auto around(Call call) {
    hook_();
    auto out = call();
    hook_();
    return out;
  }
  std::unique_ptr<Interface> inner_;

 private:
  const std::function<void()>& hook_;
  snapshots mode_;
};

class hooked_primary final : public hooked_reader<backends::primary_reader> {
 public:
  using hooked_reader::hooked_reader;

  result<backends::primary_meta> meta() override {
    return around([&] { return inner_->meta(); });
  }
  result<backends::log_slice> read_log(sequence after, std::size_t max_records,
                                       std::size_t max_bytes) override {
    return around(
        [&] { return inner_->read_log(after, std::min<std::size_t>(max_records, 3), max_bytes); });
  }
  result<std::optional<hash256>> chain_at(sequence at) override {
    return around([&] { return inner_->chain_at(at); });
  }
  result<std::vector<backends::system_row>> system_rows(std::string_view prefix,
                                                        std::string_view after,
                                                        std::size_t limit) override {
    return around([&] { return inner_->system_rows(prefix, after, limit); });
  }
};

inline std::unique_ptr<backends::primary_reader> hooked(
    std::unique_ptr<backends::primary_reader> inner, const std::function<void()>& hook,
    snapshots mode) {
  return std::make_unique<hooked_primary>(std::move(inner), hook, mode);
}
inline std::unique_ptr<backends::store_reader> hooked(std::unique_ptr<backends::store_reader> inner,
                                                      const std::function<void()>& hook,
                                                      snapshots mode) {
  return std::make_unique<hooked_reader<backends::store_reader>>(std::move(inner), hook, mode);
}

}  // namespace keelson::test
