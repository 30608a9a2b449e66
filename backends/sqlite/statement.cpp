#include "backends/sqlite/statement.hpp"

#include <algorithm>
#include <limits>

namespace keelson::backends::sqlite {

statement::use::use(statement& of) : of_(&of) {
  if (of.raw_) return;
  sqlite3_stmt* raw = nullptr;
  note(sqlite3_prepare_v3(of.db_, of.sql_, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr));
  of.raw_.reset(raw);
}

statement::use::~use() {
  sqlite3_reset(of_->raw());
}

void statement::use::note(int code) {
  if (code_ == SQLITE_OK) code_ = code;
}

statement::use& statement::use::number(int parameter, std::int64_t value) {
  if (of_->raw_) note(sqlite3_bind_int64(of_->raw(), parameter, value));
  return *this;
}

statement::use& statement::use::number(int parameter, std::uint64_t value) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  return number(parameter,
                static_cast<std::int64_t>(std::min(value, static_cast<std::uint64_t>(most))));
}

statement::use& statement::use::text(int parameter, std::string_view value) {
  // A null pointer would bind NULL; an empty view may hold one.
  const char* const data = value.empty() ? "" : value.data();
  if (of_->raw_) {
    note(
        sqlite3_bind_text64(of_->raw(), parameter, data, value.size(), SQLITE_STATIC, SQLITE_UTF8));
  }
  return *this;
}

statement::use& statement::use::bytes(int parameter, std::string_view value) {
  const char* const data = value.empty() ? "" : value.data();
  if (of_->raw_) {
    note(sqlite3_bind_blob64(of_->raw(), parameter, data, value.size(), SQLITE_STATIC));
  }
  return *this;
}

statement::use& statement::use::null(int parameter) {
  if (of_->raw_) note(sqlite3_bind_null(of_->raw(), parameter));
  return *this;
}

result<bool> statement::use::step() {
  if (code_ == SQLITE_OK) {
    const int code = sqlite3_step(of_->raw());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    code_ = code;
  }
  return std::unexpected(to_error(of_->db_, code_, of_->sql_));
}

result<void> statement::use::finish() {
  const auto stepped = step();
  if (!stepped) return std::unexpected(stepped.error());
  sqlite3_reset(of_->raw());
  return {};
}

std::int64_t statement::use::integer(int column) const {
  return sqlite3_column_int64(of_->raw(), column);
}

std::uint64_t statement::use::natural(int column) const {
  return static_cast<std::uint64_t>(integer(column));
}

std::string_view statement::use::view(int column) const {
  const auto* const data = static_cast<const char*>(sqlite3_column_blob(of_->raw(), column));
  const int size = sqlite3_column_bytes(of_->raw(), column);
  return data == nullptr ? std::string_view{}
                         : std::string_view(data, static_cast<std::size_t>(size));
}

}  // namespace keelson::backends::sqlite
