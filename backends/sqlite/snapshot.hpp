#pragma once

#include <tuple>

#include "backends/sqlite/statement.hpp"

namespace keelson::backends::sqlite {

/// The two ends of a reading transaction, kept prepared.
struct snapshot_statements {
  explicit snapshot_statements(connection& db) : begin(db, "BEGIN"), end(db, "COMMIT") {}
  statement begin;
  statement end;
};

/// All reads within its scope see the same point: that of the first of them. Neither end of it can
/// fail in a way that the reads in between would not.
class snapshot {
 public:
  explicit snapshot(snapshot_statements& of) : of_(&of) {
    std::ignore = statement::use(of_->begin).finish();
  }
  ~snapshot() { std::ignore = statement::use(of_->end).finish(); }
  snapshot(const snapshot&) = delete;
  snapshot& operator=(const snapshot&) = delete;

 private:
  snapshot_statements* of_;
};

}  // namespace keelson::backends::sqlite
