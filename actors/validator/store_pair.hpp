#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/validator/document_comparer.hpp"
#include "actors/validator/linked_primary.hpp"
#include "actors/validator/piece.hpp"

namespace keelson::validator {

/// The primary and one secondary as a worker holds them: sessions of its own, opened when they are
/// needed, dropped after an error and when a store is closed; that on the primary can be taken
/// away. Blocks; for one thread.
class store_pair {
 public:
  store_pair(step_limits limits, std::shared_ptr<actors::primary_link> primary)
      : limits_(limits), primary_(std::move(primary)) {}

  void open_secondary(std::shared_ptr<backends::store> store);
  void close_secondary();

  [[nodiscard]] compared_documents compare(const std::vector<document_id>& ids);
  [[nodiscard]] compared_documents compare_again(const std::vector<judgement>& before);
  [[nodiscard]] piece_result compare_piece(const piece_request& request);

 private:
  /// Opens what is not open; the error of the one that cannot be.
  result<void> sessions();
  result<void> secondary_session();
  void drop_sessions();

  step_limits limits_;
  linked_primary primary_;
  std::shared_ptr<backends::store> secondary_store_;
  std::unique_ptr<backends::store_reader> secondary_;
};

}  // namespace keelson::validator
