#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <libpq-fe.h>

namespace keelson::backends::postgres {

/// What one statement gave, in PostgreSQL's binary format. Owns libpq's memory.
class answer {
 public:
  answer() = default;
  explicit answer(PGresult* raw) : result_(raw) {}

  [[nodiscard]] PGresult* raw() const noexcept { return result_.get(); }
  [[nodiscard]] int rows() const noexcept { return PQntuples(raw()); }
  [[nodiscard]] bool is_null(int row, int column) const noexcept {
    return PQgetisnull(raw(), row, column) != 0;
  }
  /// The bytes of a text, bytea or jsonb; empty for NULL.
  [[nodiscard]] std::string_view bytes(int row, int column) const noexcept;
  /// Of a smallint, integer, bigint or boolean; 0 for NULL.
  [[nodiscard]] std::int64_t integer(int row, int column) const noexcept;
  [[nodiscard]] std::uint64_t natural(int row, int column) const noexcept {
    return static_cast<std::uint64_t>(integer(row, column));
  }

 private:
  struct deleter {
    void operator()(PGresult* raw) const noexcept { PQclear(raw); }
  };
  std::unique_ptr<PGresult, deleter> result_;
};

}  // namespace keelson::backends::postgres
