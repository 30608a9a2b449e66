#pragma once

#include <string>
#include <vector>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "protocols/wire/feed_encoding.hpp"
#include "tests/unit/feed/history.hpp"

namespace keelson::test {

/// A client as the API describes it: holds changes with `more` back until the one without, and
/// remembers the last position outside a change.
class feed_client {
 public:
  struct change {
    std::uint64_t at;
    std::string op, collection, key, value;
    bool operator==(const change&) const = default;
  };

  /// `text` is `[…],"position":"…"}`, as it stands behind `"changes":`.
  void take_frame(const std::string& text) {
    const auto frame = boost::json::parse("{\"changes\":" + text).as_object();
    for (const auto& item : frame.at("changes").as_array()) take_change(item.as_object());
    resume_ = *position::parse(frame.at("position").as_string());
  }

  void take_change(const boost::json::object& item) {
    const auto at = position::parse(item.at("position").as_string());
    REQUIRE(at);
    REQUIRE(item.at("version").to_number<std::uint64_t>() == at->at.value);
    change c{at->at.value, item.at("op").as_string().c_str(),
             item.at("collection").as_string().c_str(), item.at("key").as_string().c_str(),
             item.contains("value") ? boost::json::serialize(item.at("value")) : ""};
    held_.push_back(std::move(c));
    if (item.contains("more")) {
      REQUIRE(item.at("more").as_bool());
      return;
    }
    commits_.push_back(held_.size());
    applied_.insert(applied_.end(), held_.begin(), held_.end());
    held_.clear();
  }

  /// The connection is lost: what is held back is gone, and the client resumes from resume().
  void lose_connection() { held_.clear(); }

  [[nodiscard]] const position& resume() const { return resume_; }
  void resume_from(const position& at) { resume_ = at; }
  [[nodiscard]] const std::vector<change>& applied() const { return applied_; }
  [[nodiscard]] const std::vector<std::size_t>& commits() const { return commits_; }
  [[nodiscard]] bool holds_back() const { return !held_.empty(); }

  /// What a client must have got of `records` after `from`.
  [[nodiscard]] static std::vector<change> expected(const std::vector<log_record>& records,
                                                    sequence from, const change_filter& filter) {
    std::vector<change> wanted;
    for (const auto& r : records) {
      if (r.at <= from || !filter.passes(r.id)) continue;
      wanted.push_back({r.at.value, r.op == change_op::put ? "put" : "delete",
                        r.id.collection.text(), r.id.key.text(), r.value});
    }
    return wanted;
  }
  /// The sizes of the commits in it.
  [[nodiscard]] static std::vector<std::size_t> expected_commits(
      const std::vector<log_record>& records, sequence from, const change_filter& filter) {
    std::vector<std::size_t> sizes;
    std::size_t size = 0;
    for (const auto& r : records) {
      if (r.at <= from) continue;
      if (filter.passes(r.id)) ++size;
      if (r.ends_commit == 0) continue;
      if (size != 0) sizes.push_back(size);
      size = 0;
    }
    return sizes;
  }

 private:
  position resume_;
  std::vector<change> held_;
  std::vector<change> applied_;
  std::vector<std::size_t> commits_;
};

/// What the feed actor does for a reader behind the ring: whole commits after `from`, filtered.
[[nodiscard]] inline std::shared_ptr<const wire::change_block> replay(const history& of,
                                                                      const position& from,
                                                                      const change_filter& filter,
                                                                      std::size_t commits) {
  std::vector<log_record> records;
  std::vector<sequence> ends;
  auto at = from.at.value;
  while (commits > 0 && at < of.records().size()) {
    const auto begin = at;
    while (of.records()[at].ends_commit == 0) ++at;
    ++at;
    for (auto i = begin; i < at; ++i) {
      if (!filter.passes(of.records()[i].id)) continue;
      records.push_back(of.records()[i]);
      ends.push_back({at});
    }
    --commits;
  }
  return wire::change_block::encode(from, of.at(at), records, ends);
}

}  // namespace keelson::test
