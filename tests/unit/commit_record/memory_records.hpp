#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "backends/commit_record/record_engine.hpp"

namespace keelson::backends::commit_record {

/// What a store's process dies of at a step, as by kill -9.
struct killed {};

/// What becomes of one step of an engine; a row that is raised is a step.
enum class fate : std::uint8_t {
  done,
  killed_before,  ///< throws `killed`
  lost_request,   ///< it fails, and nothing was done
  lost_answer,    ///< it fails, and was done
};
using fate_of_step = std::function<fate(std::string_view step)>;

/// What outlives the process.
struct record_disk {
  template <class T>
  struct raised {
    std::uint64_t number = 0;
    std::optional<T> value;  ///< absent: a tombstone
  };
  std::optional<store_sign> sign;
  std::map<std::uint64_t, whole_record> records;
  std::map<document_id, raised<document>> documents;
  std::map<std::string, raised<std::string>> system;
};

/// Records in memory, each step of which may fail.
class memory_records final : public record_engine {
 public:
  explicit memory_records(std::shared_ptr<record_disk> disk, fate_of_step decide = {})
      : disk_(std::move(disk)), decide_(std::move(decide)) {}

  result<std::optional<store_sign>> sign() override;
  result<bool> create(const store_sign& sign) override;
  result<void> change_sign(const store_sign& sign) override;
  result<std::optional<record_head>> newest() override;
  result<bool> insert(const record_head& head, std::string_view body) override;
  result<void> complete(std::uint64_t number) override;
  result<std::optional<std::uint64_t>> seek(std::uint64_t number, sequence at) override;
  result<void> visit_records(std::uint64_t number, const record_visitor& visit) override;
  result<void> sweep(std::uint64_t floor) override;
  result<void> check(const row_view& row) const override;
  result<void> raise(const raised_rows& rows) override;
  result<void> get(std::span<const document_id> ids, const document_sink& sink) override;
  result<void> visit_documents(const scan_request& request, const document_visitor& visit) override;
  result<std::optional<std::string>> system_value(std::string_view key) override;
  result<void> visit_system(std::string_view prefix, std::string_view after, std::size_t limit,
                            const row_visitor& visit) override;

  static constexpr std::size_t largest_value = 1000;

 private:
  /// Runs `change` and what the fate of this step wants.
  result<void> write(std::string_view step, const std::function<void()>& change);
  result<void> read(std::string_view step);

  std::shared_ptr<record_disk> disk_;
  fate_of_step decide_;
};

}  // namespace keelson::backends::commit_record
