#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <sqlite3.h>

#include "backends/sqlite/connection.hpp"
#include "protocols/model/error.hpp"

namespace keelson::backends::sqlite {

/// A statement that is prepared when it is first used and then kept. It must not outlive its
/// connection.
class statement {
 public:
  /// `sql` is a literal: it is not copied.
  statement(connection& c, const char* sql) : db_(c.raw()), sql_(sql) {}

  /// One use of a statement: bind, step, read columns; it is reset at the end of the scope. What is
  /// bound must stay until then. Parameters count from 1, columns from 0.
  class use {
   public:
    explicit use(statement& of);
    ~use();
    use(const use&) = delete;
    use& operator=(const use&) = delete;

    use& number(int parameter, std::int64_t value);
    /// Any of our unsigned numbers. Those that are stored stay below 2^63, which is what a column
    /// holds; a greater one, as a limit to compare with, becomes the greatest.
    use& number(int parameter, std::uint64_t value);
    use& text(int parameter, std::string_view value);
    use& bytes(int parameter, std::string_view value);
    use& null(int parameter);

    /// True when there is a row. A failure to prepare or to bind shows here.
    [[nodiscard]] result<bool> step();
    /// Steps to the end of a statement that gives no rows, and makes it ready for the next values.
    [[nodiscard]] result<void> finish();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::uint64_t natural(int column) const;
    /// The bytes of text or of a blob, good until the next step; empty for NULL.
    [[nodiscard]] std::string_view view(int column) const;

   private:
    void note(int code);
    statement* of_;
    int code_ = SQLITE_OK;
  };

 private:
  struct finalizer {
    void operator()(sqlite3_stmt* raw) const noexcept { sqlite3_finalize(raw); }
  };
  [[nodiscard]] sqlite3_stmt* raw() const noexcept { return raw_.get(); }

  sqlite3* db_;
  const char* sql_;
  std::unique_ptr<sqlite3_stmt, finalizer> raw_;
};

}  // namespace keelson::backends::sqlite
