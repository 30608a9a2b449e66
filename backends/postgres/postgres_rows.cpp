#include "backends/postgres/postgres_rows.hpp"

#include <string>
#include <utility>

#include "backends/postgres/connection.hpp"

namespace keelson::backends::postgres {

namespace {

constexpr const char* find_table =
    "SELECT coalesce(to_regclass($1), to_regclass('public.' || $1))::oid::bigint,"
    " coalesce(to_regclass($1), to_regclass('public.' || $1))::text";

constexpr const char* find_column =
    "SELECT quote_ident(attname), format_type(atttypid, atttypmod) FROM pg_attribute"
    " WHERE attrelid = $1::bigint::oid AND attnum > 0 AND NOT attisdropped AND attname = $2";

constexpr const char* list_columns =
    "SELECT coalesce(string_agg(attname, ', ' ORDER BY attnum), '') FROM pg_attribute"
    " WHERE attrelid = $1::bigint::oid AND attnum > 0 AND NOT attisdropped";

class postgres_rows final : public row_source {
 public:
  postgres_rows(connection over, const source_request& request)
      : over_(std::move(over)),
        from_(request.from),
        key_field_(request.key_field),
        mark_(request.after) {}

  result<void> begin() {
    parameters name;
    auto table = ask(find_table, name.bytes(from_));
    if (!table) return pass_on(std::move(table));
    if (table->is_null(0, 0)) {
      return fail(errc::invalid_parameter,
                  "there is no table '" + from_ + "'; name its schema unless that is public");
    }
    table_ = table->natural(0, 0);
    table_name_ = table->bytes(0, 1);
    parameters wanted;
    const auto column = ask(find_column, wanted.number(table_).bytes(key_field_));
    if (!column) return std::unexpected(column.error());
    if (column->rows() == 0) return no_column();
    key_ = column->bytes(0, 0);
    key_type_ = column->bytes(0, 1);
    return {};
  }

  result<std::optional<std::uint64_t>> count() override {
    parameters which;
    const auto known = ask("SELECT reltuples::bigint FROM pg_class WHERE oid = $1::bigint::oid",
                           which.number(table_));
    if (!known) return std::unexpected(known.error());
    const auto rows = known->rows() == 1 ? known->integer(0, 0) : 0;
    return rows > 0 ? std::optional(static_cast<std::uint64_t>(rows)) : std::nullopt;
  }

  result<source_page> read(std::size_t most, std::size_t most_bytes) override {
    source_page page{.rows = {}, .refused = {}, .mark = mark_};
    if (at_end_) return page;
    // The bound in bytes is kept by asking for fewer rows than were too many before.
    const auto wanted = std::max<std::size_t>(1, std::min(most, rows_a_page_));
    const std::string after = mark_.empty() ? " IS NOT NULL" : " > $2::text::" + key_type_;
    // One more, to see whether the last key goes on behind the page.
    const std::string text = "SELECT t." + key_ + "::text, row_to_json(t)::text FROM " +
                             table_name_ + " t WHERE t." + key_ + after + " ORDER BY t." + key_ +
                             " LIMIT $1::bigint + 1";
    parameters with;
    with.number(std::uint64_t{wanted});
    if (!mark_.empty()) with.bytes(mark_);
    auto found = ask(text, with);
    if (!found) return pass_on(std::move(found));
    take(*found, wanted, page);
    std::size_t bytes = 0;
    for (const auto& row : page.rows) bytes += row.value.size();
    rows_a_page_ = bytes > most_bytes ? std::max<std::size_t>(1, wanted / 2) : most;
    if (found->rows() == 0) {
      at_end_ = true;
      if (auto told = tell_keyless(page); !told) return pass_on(std::move(told));
    }
    page.mark = mark_;
    return page;
  }

 private:
  /// What the server refuses here is in the question, or the connection is at fault.
  result<answer> ask(const std::string& text, parameters& with) {
    auto said = over_.run_once(text, with, "read '" + from_ + "'");
    if (!said && over_.alive() && said.error().code == errc::store_corrupt) {
      said.error().code = errc::invalid_parameter;
    }
    return said;
  }

  result<void> no_column() {
    parameters which;
    const auto known = ask(list_columns, which.number(table_));
    if (!known) return std::unexpected(known.error());
    return fail(errc::invalid_parameter, "'" + from_ + "' has no column '" + key_field_ +
                                             "'; it has " + std::string(known->bytes(0, 0)));
  }

  void take(const answer& found, std::size_t wanted, source_page& page) {
    std::string before;
    for (int i = 0; i < found.rows(); ++i) {
      const auto key = found.bytes(i, 0);
      const bool again = i > 0 && key == before;
      if (again) {
        page.refused.push_back({std::string(key), "another row has the same " + key_field_});
      } else if (static_cast<std::size_t>(i) < wanted) {
        page.rows.push_back({std::string(key), std::string(found.bytes(i, 1))});
        mark_ = key;
      }
      before = key;
    }
  }

  /// Rows without a key come in no page: said once, at the end.
  result<void> tell_keyless(source_page& page) {
    parameters none;
    const auto without =
        ask("SELECT count(*) FROM " + table_name_ + " t WHERE t." + key_ + " IS NULL", none);
    if (!without) return std::unexpected(without.error());
    const auto rows = without->natural(0, 0);
    if (rows > 0) page.refused.push_back({std::to_string(rows) + " rows", "have no " + key_field_});
    return {};
  }

  connection over_;
  std::string from_;
  std::string key_field_;
  std::string mark_;
  std::uint64_t table_ = 0;  ///< its oid
  std::string table_name_;   ///< as SQL takes it
  std::string key_;          ///< as SQL takes it
  std::string key_type_;
  std::size_t rows_a_page_ = 1000;
  bool at_end_ = false;
};

}  // namespace

result<std::unique_ptr<row_source>> read_rows(const source_request& request) {
  auto where = server::from_url(request.url);
  if (!where) return pass_on(std::move(where));
  if (request.key_field.empty())
    return fail(errc::invalid_parameter, "name the column that is the key, as in --key id");
  if (request.from.empty())
    return fail(errc::invalid_parameter, "name the table, as in --from public.cities");
  auto over = connection::open(*std::move(where), server::commits::durable);
  if (!over) return pass_on(std::move(over));
  auto rows = std::make_unique<postgres_rows>(std::move(*over), request);
  if (auto begun = rows->begin(); !begun) return pass_on(std::move(begun));
  return rows;
}

}  // namespace keelson::backends::postgres
