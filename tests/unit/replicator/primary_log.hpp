#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/contracts.hpp"
#include "backends/store.hpp"

/// A primary in memory with a writer that makes true log records, for tests of those who follow it.
namespace keelson::test {

struct edit {
  document_id id;
  std::optional<std::string> value;  ///< absent: remove; a missing document is then no change
};

[[nodiscard]] document_id doc(std::string collection, std::string key);

class primary_log {
 public:
  /// In a place in memory of its own, or in that of a URL.
  explicit primary_log(std::string url = "memory:");

  /// Commits each list of edits as one commit, all in one group. Null if nothing changed.
  actors::group_ref commit(const std::vector<std::vector<edit>>& commits);
  actors::group_ref put(const document_id& id, std::string value) {
    return commit({{{id, std::move(value)}}});
  }
  actors::group_ref remove(const document_id& id) { return commit({{{id, std::nullopt}}}); }
  void trim(std::size_t records);
  /// A new epoch after the present end, as after evidence of a loss.
  void begin_epoch(std::string name);
  [[nodiscard]] std::map<document_id, document> documents();

  [[nodiscard]] const backends::primary_meta& meta() const { return meta_; }
  [[nodiscard]] const std::shared_ptr<backends::store>& store() const { return store_; }
  [[nodiscard]] backends::primary_reader& reader() { return *reader_; }
  /// As the witness stand judges.
  [[nodiscard]] result<actors::testimony_result> judge(const log_point& kept);
  [[nodiscard]] actors::opened_store opened() const;

 private:
  std::shared_ptr<backends::store> store_;
  std::unique_ptr<backends::primary_session> session_;
  std::unique_ptr<backends::primary_reader> reader_;
  backends::primary_meta meta_;
};

/// All documents that a store has.
[[nodiscard]] std::map<document_id, document> documents_in(backends::store_reader& reader);

}  // namespace keelson::test
