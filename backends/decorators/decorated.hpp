#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backends/decorators/call_kind.hpp"
#include "backends/store.hpp"

/// The whole contract once, with something around each call. `Around` is copied into each session
/// and has two members, used from the session's thread:
///
///     template <class Call> auto call(call_kind kind, const Call& inner) -> the inner result
///     void read(documents&) for each list of documents that was read, of either element type
namespace keelson::backends::decorators {

template <class Around, class Interface>
class decorated_reader : public Interface {
 public:
  decorated_reader(std::unique_ptr<Interface> inner, Around around)
      : inner_(std::move(inner)), around_(std::move(around)) {}

  result<store_point> point() override {
    return around_.call(call_kind::read, [&] { return inner_->point(); });
  }
  result<documents_read> get(std::span<const document_id> ids, std::size_t max_bytes) override {
    auto seen = around_.call(call_kind::read, [&] { return inner_->get(ids, max_bytes); });
    if (seen) around_.read(seen->documents);
    return seen;
  }
  result<scan_page> scan(const scan_request& request) override {
    auto page = around_.call(call_kind::read, [&] { return inner_->scan(request); });
    if (page) around_.read(page->documents);
    return page;
  }

 protected:
  std::unique_ptr<Interface> inner_;
  Around around_;
};

template <class Around>
class decorated_primary_reader final : public decorated_reader<Around, primary_reader> {
 public:
  using decorated_reader<Around, primary_reader>::decorated_reader;

  result<primary_meta> meta() override {
    return this->around_.call(call_kind::read, [&] { return this->inner_->meta(); });
  }
  result<log_slice> read_log(sequence after, std::size_t max_records,
                             std::size_t max_bytes) override {
    return this->around_.call(
        call_kind::read, [&] { return this->inner_->read_log(after, max_records, max_bytes); });
  }
  result<std::optional<hash256>> chain_at(sequence at) override {
    return this->around_.call(call_kind::read, [&] { return this->inner_->chain_at(at); });
  }
  result<std::vector<system_row>> system_rows(std::string_view prefix, std::string_view after,
                                              std::size_t limit) override {
    return this->around_.call(call_kind::read,
                              [&] { return this->inner_->system_rows(prefix, after, limit); });
  }
};

template <class Around>
class decorated_primary_session final : public primary_session {
 public:
  decorated_primary_session(std::unique_ptr<primary_session> inner, Around around)
      : inner_(std::move(inner)), around_(std::move(around)) {}

  result<primary_meta> meta() override {
    return around_.call(call_kind::read, [&] { return inner_->meta(); });
  }
  result<primary_view> read(std::span<const document_id> ids,
                            std::span<const std::string> system_keys) override {
    auto view = around_.call(call_kind::read, [&] { return inner_->read(ids, system_keys); });
    if (view) around_.read(view->documents);
    return view;
  }
  result<void> commit(const commit_batch& batch) override {
    return around_.call(call_kind::commit, [&] { return inner_->commit(batch); });
  }
  result<primary_meta> trim(sequence through, std::size_t max_records) override {
    return around_.call(call_kind::trim, [&] { return inner_->trim(through, max_records); });
  }

 private:
  std::unique_ptr<primary_session> inner_;
  Around around_;
};

template <class Around>
class decorated_secondary_session final : public secondary_session {
 public:
  decorated_secondary_session(std::unique_ptr<secondary_session> inner, Around around)
      : inner_(std::move(inner)), around_(std::move(around)) {}

  result<secondary_state> state() override {
    return around_.call(call_kind::read, [&] { return inner_->state(); });
  }
  result<void> apply(const apply_batch& batch) override {
    return around_.call(call_kind::apply, [&] { return inner_->apply(batch); });
  }
  result<void> sync() override {
    return around_.call(call_kind::sync, [&] { return inner_->sync(); });
  }
  result<std::string> doubt() override {
    return around_.call(call_kind::read, [&] { return inner_->doubt(); });
  }
  result<void> trust() override {
    return around_.call(call_kind::sync, [&] { return inner_->trust(); });
  }

 private:
  std::unique_ptr<secondary_session> inner_;
  Around around_;
};

template <class Around>
class decorated_store final : public store {
 public:
  decorated_store(std::shared_ptr<store> inner, Around around)
      : inner_(std::move(inner)), around_(std::move(around)) {}

  capabilities abilities() const override { return inner_->abilities(); }

  result<std::unique_ptr<primary_session>> open_primary() override {
    return open<primary_session, decorated_primary_session<Around>>(
        [&] { return inner_->open_primary(); });
  }
  result<std::unique_ptr<secondary_session>> open_secondary() override {
    return open<secondary_session, decorated_secondary_session<Around>>(
        [&] { return inner_->open_secondary(); });
  }
  result<std::unique_ptr<store_reader>> open_reader() override {
    return open<store_reader, decorated_reader<Around, store_reader>>(
        [&] { return inner_->open_reader(); });
  }
  result<std::unique_ptr<primary_reader>> open_primary_reader() override {
    return open<primary_reader, decorated_primary_reader<Around>>(
        [&] { return inner_->open_primary_reader(); });
  }

 private:
  template <class Interface, class Decorated, class Open>
  result<std::unique_ptr<Interface>> open(const Open& inner) {
    // A store is shared by threads, what is around its calls is not.
    auto around = around_;
    auto opened = around.call(call_kind::open, inner);
    if (!opened) return opened;
    return std::make_unique<Decorated>(std::move(*opened), std::move(around));
  }

  std::shared_ptr<store> inner_;
  const Around around_;
};

}  // namespace keelson::backends::decorators
