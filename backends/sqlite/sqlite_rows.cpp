#include "backends/sqlite/sqlite_rows.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include "backends/location.hpp"
#include "backends/sqlite/connection.hpp"
#include "protocols/model/canonical_json.hpp"

namespace keelson::backends::sqlite {

namespace {

struct finalizer {
  void operator()(sqlite3_stmt* raw) const noexcept { sqlite3_finalize(raw); }
};
using prepared = std::unique_ptr<sqlite3_stmt, finalizer>;

std::string quoted_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

std::string_view bytes_of(sqlite3_stmt* row, int column) {
  const void* const data = sqlite3_column_blob(row, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
  return data == nullptr ? std::string_view()
                         : std::string_view(static_cast<const char*>(data), size);
}

/// The shortest text that is this number; empty for one that JSON has no literal for.
std::string number_text(double number) {
  if (!std::isfinite(number)) return {};
  std::array<char, 32> digits;
  const auto done = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return {digits.data(), done.ptr};
}

void append_hex(std::string& out, std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += R"("\\x)";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  out += '"';
}

/// A value that an ORDER BY can go on after: a letter for its type, and its text.
std::string mark_of(sqlite3_stmt* row, int column) {
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
      return "i" + std::to_string(sqlite3_column_int64(row, column));
    case SQLITE_FLOAT:
      return "r" + number_text(sqlite3_column_double(row, column));
    default:
      return "t" + std::string(bytes_of(row, column));
  }
}

/// False for a mark that is none of ours.
bool bind_mark(sqlite3_stmt* use, const std::string& mark) {
  const auto* const text = mark.data() + 1;
  const auto* const end = mark.data() + mark.size();
  if (mark.front() == 'i') {
    std::int64_t number = 0;
    const auto read = std::from_chars(text, end, number);
    return read.ptr == end && sqlite3_bind_int64(use, 1, number) == SQLITE_OK;
  }
  if (mark.front() == 'r') {
    double number = 0;
    const auto read = std::from_chars(text, end, number);
    return read.ptr == end && sqlite3_bind_double(use, 1, number) == SQLITE_OK;
  }
  return mark.front() == 't' && sqlite3_bind_text64(use, 1, text, mark.size() - 1, SQLITE_TRANSIENT,
                                                    SQLITE_UTF8) == SQLITE_OK;
}

class sqlite_rows final : public row_source {
 public:
  sqlite_rows(connection db, std::string from, std::string key_field)
      : db_(std::move(db)), from_(std::move(from)), key_field_(std::move(key_field)) {}

  result<void> begin(const std::string& after) {
    const auto key = quoted_name(key_field_);
    const std::string sql = "SELECT " + key + ", * FROM " + quoted_name(from_) + " WHERE " + key +
                            (after.empty() ? " IS NOT NULL" : " > ?1") + " ORDER BY " + key;
    // SQLite takes a name in double quotes that is no column for a string.
    if (auto known = check_columns(); !known) return known;
    if (auto ready = prepare(sql, rows_); !ready) return ready;
    if (!after.empty() && !bind_mark(rows_.get(), after)) {
      return fail(errc::invalid_parameter, "the mark '" + after + "' is not of a SQLite table");
    }
    mark_ = after;
    for (int i = 1; i < sqlite3_column_count(rows_.get()); ++i) columns_.push_back(column(i));
    return {};
  }

  result<std::optional<std::uint64_t>> count() override {
    prepared all;
    if (auto ready = prepare("SELECT count(*) FROM " + quoted_name(from_), all); !ready)
      return pass_on(std::move(ready));
    if (const int code = sqlite3_step(all.get()); code != SQLITE_ROW)
      return std::unexpected(to_error(db_.raw(), code, "count the rows"));
    return static_cast<std::uint64_t>(sqlite3_column_int64(all.get(), 0));
  }

  result<source_page> read(std::size_t most, std::size_t most_bytes) override {
    source_page page{.rows = {}, .refused = {}, .mark = mark_};
    std::size_t bytes = 0;
    while (page.rows.size() + page.refused.size() < most && bytes < most_bytes && !at_end_) {
      const int code = sqlite3_step(rows_.get());
      if (code == SQLITE_DONE) {
        at_end_ = true;
        if (auto told = tell_keyless(page); !told) return pass_on(std::move(told));
        break;
      }
      if (code != SQLITE_ROW) return std::unexpected(to_error(db_.raw(), code, "read the rows"));
      take(page);
      if (!page.rows.empty()) bytes += page.rows.back().value.size();
    }
    page.mark = mark_;
    return page;
  }

 private:
  struct column_of {
    std::string name;  ///< as a JSON string
    bool json = false;
  };

  column_of column(int i) const {
    column_of found;
    append_json_string(found.name, sqlite3_column_name(rows_.get(), i));
    const char* const declared = sqlite3_column_decltype(rows_.get(), i);
    found.json = declared != nullptr && sqlite3_stricmp(declared, "json") == 0;
    return found;
  }

  result<void> prepare(const std::string& sql, prepared& into) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v2(db_.raw(), sql.c_str(), -1, &raw, nullptr);
    into.reset(raw);
    if (code == SQLITE_OK) return {};
    auto why = to_error(db_.raw(), code, "read '" + from_ + "'");
    if (code == SQLITE_ERROR) why.code = errc::invalid_parameter;
    return std::unexpected(std::move(why));
  }

  result<void> check_columns() {
    prepared names;
    const std::string sql = "SELECT * FROM " + quoted_name(from_) + " LIMIT 0";
    if (auto ready = prepare(sql, names); !ready) return ready;
    std::string known;
    for (int i = 0; i < sqlite3_column_count(names.get()); ++i) {
      const std::string name = sqlite3_column_name(names.get(), i);
      if (sqlite3_stricmp(name.c_str(), key_field_.c_str()) == 0) return {};
      known.append(known.empty() ? "" : ", ").append(name);
    }
    return fail(errc::invalid_parameter,
                "'" + from_ + "' has no column '" + key_field_ + "'; it has " + known);
  }

  void take(source_page& page) {
    auto* const row = rows_.get();
    source_row next{.key = std::string(bytes_of(row, 0)), .value = "{"};
    if (sqlite3_column_type(row, 0) == SQLITE_FLOAT)
      next.key = number_text(sqlite3_column_double(row, 0));
    auto mark = mark_of(row, 0);
    const bool again = std::exchange(mark_, mark) == mark;
    if (again) {
      page.refused.push_back({next.key, "another row has the same " + key_field_});
      return;
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) next.value += ',';
      next.value.append(columns_[i].name) += ':';
      if (!append_value(next.value, static_cast<int>(i) + 1, columns_[i].json)) {
        page.refused.push_back(
            {next.key, "the column " + columns_[i].name +
                           " holds what JSON cannot: text that is not UTF-8, or an "
                           "infinite number"});
        return;
      }
    }
    next.value += '}';
    page.rows.push_back(std::move(next));
  }

  bool append_value(std::string& out, int column, bool json) const {
    auto* const row = rows_.get();
    switch (sqlite3_column_type(row, column)) {
      case SQLITE_NULL:
        out += "null";
        return true;
      case SQLITE_INTEGER:
        out += std::to_string(sqlite3_column_int64(row, column));
        return true;
      case SQLITE_FLOAT: {
        const auto text = number_text(sqlite3_column_double(row, column));
        out += text;
        return !text.empty();
      }
      case SQLITE_BLOB:
        append_hex(out, bytes_of(row, column));
        return true;
      default:
        break;
    }
    const auto text = bytes_of(row, column);
    if (!is_clean_utf8(text)) return false;
    if (json && canonicalise(text)) {
      out += text;
    } else {
      append_json_string(out, text);
    }
    return true;
  }

  /// Rows without a key come in no page of rows: said once, at the end.
  result<void> tell_keyless(source_page& page) {
    prepared without;
    const auto sql = "SELECT count(*) FROM " + quoted_name(from_) + " WHERE " +
                     quoted_name(key_field_) + " IS NULL";
    if (auto ready = prepare(sql, without); !ready) return ready;
    if (sqlite3_step(without.get()) != SQLITE_ROW) return {};
    const auto rows = sqlite3_column_int64(without.get(), 0);
    if (rows > 0) page.refused.push_back({std::to_string(rows) + " rows", "have no " + key_field_});
    return {};
  }

  connection db_;
  std::string from_;
  std::string key_field_;
  prepared rows_;
  std::vector<column_of> columns_;
  std::string mark_;
  bool at_end_ = false;
};

}  // namespace

result<std::unique_ptr<row_source>> read_rows(const source_request& request) {
  auto path = file_path({.url = request.url, .folder = request.folder});
  if (!path) return pass_on(std::move(path));
  if (request.key_field.empty())
    return fail(errc::invalid_parameter, "name the column that is the key, as in --key id");
  if (request.from.empty())
    return fail(errc::invalid_parameter, "name the table, as in --from cities");
  auto db = connection::open(*path, open_mode::read_only);
  if (!db) return pass_on(std::move(db));
  auto rows = std::make_unique<sqlite_rows>(std::move(*db), request.from, request.key_field);
  if (auto begun = rows->begin(request.after); !begun) return pass_on(std::move(begun));
  return rows;
}

}  // namespace keelson::backends::sqlite
