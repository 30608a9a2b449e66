#include "tests/conformance/differential_store.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace keelson::conformance {

namespace {

using namespace backends;

// Equality of the contract's answers, member by member.
template <class T>
bool same(const T& a, const T& b) {
  return a == b;
}
bool same(const read_span& a, const read_span& b) {
  return a.before == b.before && a.after == b.after;
}
bool same(const documents_read& a, const documents_read& b) {
  return same(a.at, b.at) && a.documents == b.documents;
}
bool same(const scan_page& a, const scan_page& b) {
  return same(a.at, b.at) && a.documents == b.documents && a.at_end == b.at_end;
}
bool same(const log_slice& a, const log_slice& b) {
  return a.meta == b.meta && a.records == b.records;
}
bool same(const std::vector<system_row>& a, const std::vector<system_row>& b) {
  return std::ranges::equal(a, b, [](const system_row& x, const system_row& y) {
    return x.key == y.key && x.value == y.value;
  });
}
bool same(const primary_view& a, const primary_view& b) {
  return a.documents == b.documents && a.system == b.system;
}
bool same(const secondary_state& a, const secondary_state& b) {
  return a.point == b.point && a.counts == b.counts;
}

[[noreturn]] void differ(std::string_view call, const std::string& how) {
  throw stores_differ(std::string(call) + ": " + how);
}

/// That both succeeded or both failed with the same code.
template <class T>
void compare_outcomes(std::string_view call, const result<T>& a, const result<T>& b) {
  const auto outcome = [](const result<T>& x) {
    return x ? std::string("success")
             : std::string(to_string(x.error().code)) + " (" + x.error().detail + ")";
  };
  const bool alike = a.has_value() == b.has_value() && (a || a.error().code == b.error().code);
  if (!alike) differ(call, outcome(a) + " against " + outcome(b));
}

template <class T>
result<T> agreed(std::string_view call, result<T> a, const result<T>& b) {
  compare_outcomes(call, a, b);
  if (a && !same(*a, *b)) differ(call, "two answers");
  return a;
}

result<void> agreed(std::string_view call, result<void> a, const result<void>& b) {
  compare_outcomes(call, a, b);
  return a;
}

template <class T>
using pair_of = std::pair<std::unique_ptr<T>, std::unique_ptr<T>>;

template <class Interface>
class reader_of : public Interface {
 public:
  explicit reader_of(pair_of<Interface> both) : both_(std::move(both)) {}

  result<store_point> point() override {
    return agreed("point", first().point(), second().point());
  }
  result<documents_read> get(std::span<const document_id> ids, std::size_t max_bytes) override {
    return agreed("get", first().get(ids, max_bytes), second().get(ids, max_bytes));
  }
  result<scan_page> scan(const scan_request& request) override {
    return agreed("scan", first().scan(request), second().scan(request));
  }

 protected:
  Interface& first() { return *both_.first; }
  Interface& second() { return *both_.second; }

 private:
  pair_of<Interface> both_;
};

class primary_reader_of final : public reader_of<primary_reader> {
 public:
  using reader_of::reader_of;

  result<primary_meta> meta() override { return agreed("meta", first().meta(), second().meta()); }
  result<log_slice> read_log(sequence after, std::size_t records, std::size_t bytes) override {
    return agreed("read_log", first().read_log(after, records, bytes),
                  second().read_log(after, records, bytes));
  }
  result<std::optional<hash256>> chain_at(sequence at) override {
    return agreed("chain_at", first().chain_at(at), second().chain_at(at));
  }
  result<std::vector<system_row>> system_rows(std::string_view prefix, std::string_view after,
                                              std::size_t limit) override {
    return agreed("system_rows", first().system_rows(prefix, after, limit),
                  second().system_rows(prefix, after, limit));
  }
};

class primary_session_of final : public primary_session {
 public:
  explicit primary_session_of(pair_of<primary_session> both) : both_(std::move(both)) {}

  result<primary_meta> meta() override {
    return agreed("session's meta", both_.first->meta(), both_.second->meta());
  }
  result<primary_view> read(std::span<const document_id> ids,
                            std::span<const std::string> system_keys) override {
    return agreed("read", both_.first->read(ids, system_keys),
                  both_.second->read(ids, system_keys));
  }
  result<void> commit(const commit_batch& batch) override {
    return agreed("commit", both_.first->commit(batch), both_.second->commit(batch));
  }
  result<primary_meta> trim(sequence through, std::size_t max_records) override {
    return agreed("trim", both_.first->trim(through, max_records),
                  both_.second->trim(through, max_records));
  }

 private:
  pair_of<primary_session> both_;
};

class secondary_session_of final : public secondary_session {
 public:
  explicit secondary_session_of(pair_of<secondary_session> both) : both_(std::move(both)) {}

  result<secondary_state> state() override {
    return agreed("state", both_.first->state(), both_.second->state());
  }
  result<void> apply(const apply_batch& batch) override {
    return agreed("apply", both_.first->apply(batch), both_.second->apply(batch));
  }
  result<void> sync() override { return agreed("sync", both_.first->sync(), both_.second->sync()); }

 private:
  pair_of<secondary_session> both_;
};

class store_of_two final : public store {
 public:
  store_of_two(std::shared_ptr<store> reference, std::shared_ptr<store> other)
      : reference_(std::move(reference)), other_(std::move(other)) {}

  capabilities abilities() const override { return reference_->abilities(); }
  result<std::unique_ptr<primary_session>> open_primary() override {
    return joined<primary_session_of>("open_primary", reference_->open_primary(),
                                      other_->open_primary());
  }
  result<std::unique_ptr<secondary_session>> open_secondary() override {
    return joined<secondary_session_of>("open_secondary", reference_->open_secondary(),
                                        other_->open_secondary());
  }
  result<std::unique_ptr<store_reader>> open_reader() override {
    return joined<reader_of<store_reader>>("open_reader", reference_->open_reader(),
                                           other_->open_reader());
  }
  result<std::unique_ptr<primary_reader>> open_primary_reader() override {
    return joined<primary_reader_of>("open_primary_reader", reference_->open_primary_reader(),
                                     other_->open_primary_reader());
  }

 private:
  template <class Both, class T>
  static result<std::unique_ptr<T>> joined(std::string_view call, result<std::unique_ptr<T>> a,
                                           result<std::unique_ptr<T>> b) {
    compare_outcomes(call, a, b);
    if (!a) return a;
    return std::make_unique<Both>(pair_of<T>(std::move(*a), std::move(*b)));
  }

  std::shared_ptr<store> reference_;
  std::shared_ptr<store> other_;
};

}  // namespace

std::shared_ptr<store> differential_store(std::shared_ptr<store> reference,
                                          std::shared_ptr<store> other) {
  return std::make_shared<store_of_two>(std::move(reference), std::move(other));
}

}  // namespace keelson::conformance
