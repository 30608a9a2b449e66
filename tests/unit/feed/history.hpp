#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "protocols/model/change_filter.hpp"
#include "protocols/model/log_record.hpp"

namespace keelson::test {

/// A random history of one epoch: commits of 1 to `most_in_commit` changes over few collections
/// and keys, put together to groups.
class history {
 public:
  explicit history(std::uint64_t seed, std::size_t most_in_commit = 5)
      : random_(seed), most_in_commit_(most_in_commit) {}

  [[nodiscard]] std::size_t draw(std::size_t least, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(least, most)(random_);
  }

  /// The next group, of 1 to 4 commits; also kept in records().
  committed_group next_group() {
    committed_group group;
    group.from.at = end();
    const auto commits = draw(1, 4);
    for (std::size_t c = 0; c < commits; ++c) add_commit(group);
    group.to.at = end();
    return group;
  }

  [[nodiscard]] position end() const { return {epoch, {records_.size()}}; }
  [[nodiscard]] position at(std::size_t sequence_number) const {
    return {epoch, {sequence_number}};
  }
  [[nodiscard]] const std::vector<log_record>& records() const { return records_; }
  [[nodiscard]] bool is_commit_end(sequence at) const {
    return at.value == 0 || records_[at.value - 1].ends_commit != 0;
  }

  [[nodiscard]] change_filter random_filter() {
    change_filter filter;
    for (const auto* name : {"alpha", "beta", "gamma"}) {
      if (draw(0, 2) == 0) filter.collections.emplace_back(name);
    }
    if (draw(0, 2) == 0) filter.prefix = draw(0, 1) == 0 ? "a" : "b\"";
    return filter;
  }

  /// The documents that pass, as of a sequence: id to (version, value).
  using state = std::map<document_id, std::pair<std::uint64_t, std::string>>;
  [[nodiscard]] state state_at(sequence at, const change_filter& filter) const {
    state documents;
    for (const auto& record : records_) {
      if (record.at > at) break;
      if (!filter.passes(record.id)) continue;
      if (record.op == change_op::put) {
        documents[record.id] = {record.at.value, record.value};
      } else {
        documents.erase(record.id);
      }
    }
    return documents;
  }

  static constexpr const char* epoch = "abcdefgh";

 private:
  void add_commit(committed_group& group) {
    const auto size = draw(1, most_in_commit_);
    for (std::size_t i = 0; i < size; ++i) {
      log_record record{.at = {records_.size() + 1}, .ends_commit = i + 1 == size};
      record.time.microseconds = 1'769'850'000'123'456 + static_cast<std::int64_t>(record.at.value);
      const auto* names = draw(0, 1) == 0 ? "alpha" : draw(0, 1) == 0 ? "beta" : "gamma";
      const std::string first = draw(0, 1) == 0 ? "a" : "b\"";
      record.id = {collection_name::trusted(names),
                   document_key::trusted(first + std::to_string(draw(0, 12)))};
      record.op = draw(0, 3) == 0 ? change_op::remove : change_op::put;
      if (record.op == change_op::put) {
        record.value =
            "\"" + std::string(draw(0, 120), 'v') + std::to_string(record.at.value) + "\"";
      }
      records_.push_back(record);
      group.records.push_back(std::move(record));
    }
  }

  std::mt19937_64 random_;
  std::size_t most_in_commit_;
  std::vector<log_record> records_;
};

}  // namespace keelson::test
