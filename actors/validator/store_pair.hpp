#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/validator/document_comparer.hpp"
#include "actors/validator/piece.hpp"

namespace keelson::validator {

/// The primary and one secondary as a worker holds them: sessions of its own, opened when they are
/// needed, dropped after an error and when a store is closed. Blocks; for one thread.
class store_pair {
 public:
  explicit store_pair(step_limits limits) : limits_(limits) {}

  void open_primary(std::shared_ptr<backends::store> store);
  void open_secondary(std::shared_ptr<backends::store> store);
  void close_primary();
  void close_secondary();

  [[nodiscard]] compared_documents compare(const std::vector<document_id>& ids);
  [[nodiscard]] compared_documents compare_again(const std::vector<judgement>& before);
  [[nodiscard]] piece_result compare_piece(const piece_request& request);

 private:
  /// Opens what is not open; the error of the one that cannot be.
  result<void> sessions();
  result<void> primary_session();
  result<void> secondary_session();
  void drop_sessions();

  step_limits limits_;
  std::shared_ptr<backends::store> primary_store_;
  std::shared_ptr<backends::store> secondary_store_;
  std::unique_ptr<backends::primary_reader> primary_;
  std::unique_ptr<backends::store_reader> secondary_;
};

}  // namespace keelson::validator
