#include "backends/ordered_kv/kv_readers.hpp"

#include <utility>

#include "backends/ordered_kv/reading.hpp"

namespace keelson::backends::ordered_kv {

namespace {

/// What every reader does, under either of the contract's interfaces.
template <class Interface>
class kv_reader : public Interface {
 public:
  kv_reader(std::shared_ptr<kv_engine> engine, store_role role)
      : engine_(std::move(engine)), role_(role) {}

  result<store_point> point() override { return read_point(*engine_->latest(), role_); }
  result<documents_read> get(std::span<const document_id> ids, std::size_t max_bytes) override {
    return read_documents(*engine_->snapshot(), role_, ids, max_bytes);
  }
  result<scan_page> scan(const scan_request& request) override {
    return read_page(*engine_->snapshot(), role_, request);
  }

 protected:
  [[nodiscard]] std::unique_ptr<kv_view> snapshot() { return engine_->snapshot(); }
  [[nodiscard]] std::unique_ptr<kv_view> latest() { return engine_->latest(); }

 private:
  std::shared_ptr<kv_engine> engine_;
  store_role role_;
};

class kv_primary_reader final : public kv_reader<primary_reader> {
 public:
  explicit kv_primary_reader(std::shared_ptr<kv_engine> engine)
      : kv_reader(std::move(engine), store_role::primary) {}

  result<primary_meta> meta() override { return read_primary_meta(*latest()); }
  result<log_slice> read_log(sequence after, std::size_t max_records,
                             std::size_t max_bytes) override {
    return read_log_slice(*snapshot(), after, max_records, max_bytes);
  }
  result<std::optional<hash256>> chain_at(sequence at) override {
    return read_chain(*snapshot(), at);
  }
  result<std::vector<system_row>> system_rows(std::string_view prefix, std::string_view after,
                                              std::size_t limit) override {
    return read_system_rows(*snapshot(), prefix, after, limit);
  }
};

}  // namespace

std::unique_ptr<store_reader> make_reader(std::shared_ptr<kv_engine> engine, store_role role) {
  return std::make_unique<kv_reader<store_reader>>(std::move(engine), role);
}

std::unique_ptr<primary_reader> make_primary_reader(std::shared_ptr<kv_engine> engine) {
  return std::make_unique<kv_primary_reader>(std::move(engine));
}

}  // namespace keelson::backends::ordered_kv
