#include <algorithm>
#include <limits>
#include <utility>

#include "backends/key_range.hpp"
#include "backends/postgres/row_arrays.hpp"
#include "backends/postgres/rows.hpp"
#include "backends/postgres/sessions.hpp"
#include "backends/postgres/statements.hpp"

namespace keelson::backends::postgres {

namespace {

/// As a parameter that PostgreSQL counts rows or bytes by.
std::uint64_t at_most(std::size_t limit) {
  return std::min(std::uint64_t{limit},
                  static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
}

constexpr std::uint64_t most_rows = 1'000'000;  ///< of one page, whatever it asks for

/// The least text of bytes that is greater than every one with this prefix.
std::string behind_prefix(std::string_view prefix) {
  constexpr char highest = '\xff';
  constexpr std::size_t longest_key = 4096;
  std::string bound(prefix);
  while (!bound.empty() && bound.back() == highest) bound.pop_back();
  if (bound.empty()) return std::string(longest_key, highest);
  bound.back() = static_cast<char>(static_cast<unsigned char>(bound.back()) + 1);
  return bound;
}

/// What readers of both roles do. A statement is a snapshot, so each answer is one statement's.
template <class Interface, store_role Role>
class reader : public Interface {
 public:
  reader(std::shared_ptr<store> keep, lasting_connection over)
      : keep_(std::move(keep)), over_(std::move(over)) {}

  result<store_point> point() final {
    parameters none;
    const auto said = ask(asks_.point, none);
    if (!said) return std::unexpected(said.error());
    return read_point(*said, Role);
  }

  result<documents_read> get(std::span<const document_id> ids, std::size_t max_bytes) final {
    const bool limited = max_bytes != store_reader::no_limit;
    parameters with;
    ids_.fill(ids);
    ids_.bind(with);
    if (limited) with.number(at_most(max_bytes));
    const auto said = ask(limited ? asks_.get_within : asks_.get, with);
    if (!said) return std::unexpected(said.error());
    auto at = read_point(*said, Role);
    if (!at) return pass_on(std::move(at));
    const int first = point_columns(Role) + (limited ? 1 : 0);
    byte_budget budget(max_bytes);
    if (limited) {
      if (auto fits = budget.take(said->natural(0, first - 1)); !fits) {
        return pass_on(std::move(fits));
      }
    }
    documents_read read{.at = {*at, *at},
                        .documents = std::vector<std::optional<document>>(ids.size())};
    for (int row = 0; row < said->rows(); ++row) {
      if (said->is_null(row, first)) continue;
      const auto place = static_cast<std::size_t>(said->natural(row, first) - 1);
      auto document = read_document(*said, row, first + 1, ids[place]);
      if (!document) return pass_on(std::move(document));
      read.documents[place] = *std::move(document);
    }
    return read;
  }

  result<scan_page> scan(const scan_request& request) final {
    const auto range = range_of(request);
    const bool whole = request.content == scan_content::whole;
    parameters with;
    with.bytes(range.first.collection).bytes(range.first.key);
    with.bytes(range.end.collection).bytes(range.end.key);
    with.number(std::min(at_most(request.max_documents), most_rows) + 1);
    with.number(at_most(whole ? request.max_bytes : store_reader::no_limit));
    const auto said = ask(statement_for(request), with);
    if (!said) return std::unexpected(said.error());
    auto at = read_point(*said, Role);
    if (!at) return pass_on(std::move(at));
    scan_page page{.at = {*at, *at}};
    if (auto done = fill(*said, page); !done) return pass_on(std::move(done));
    return page;
  }

 protected:
  [[nodiscard]] result<answer> ask(const statement& what, parameters& with) {
    return over_.run(what, with, "read");
  }

 private:
  const statement& statement_for(const scan_request& request) {
    const bool forward = request.direction == scan_direction::forward;
    if (request.content == scan_content::whole) return forward ? asks_.forward : asks_.backward;
    return forward ? asks_.bare_forward : asks_.bare_backward;
  }

  /// The statement looked at one document more than the page may have.
  static result<void> fill(const answer& said, scan_page& page) {
    constexpr int looked_at = point_columns(Role);
    std::uint64_t in_range = 0;
    for (int row = 0; row < said.rows() && !said.is_null(row, looked_at); ++row) {
      in_range = said.natural(row, looked_at);
      auto document =
          read_document(said, row, looked_at + 3,
                        {collection_name::trusted(std::string(said.bytes(row, looked_at + 1))),
                         document_key::trusted(std::string(said.bytes(row, looked_at + 2)))});
      if (!document) return pass_on(std::move(document));
      page.documents.push_back(*std::move(document));
    }
    page.at_end = page.documents.size() == in_range;
    return {};
  }

  std::shared_ptr<store> keep_;
  lasting_connection over_;
  const reader_statements& asks_ = statements_of(Role);
  id_arrays ids_;
};

using reader_of_secondary = reader<store_reader, store_role::secondary>;

class reader_of_primary final : public reader<primary_reader, store_role::primary> {
 public:
  using reader::reader;

  result<primary_meta> meta() override {
    parameters none;
    const auto said = ask(select_meta(), none);
    if (!said) return std::unexpected(said.error());
    return read_meta(*said);
  }

  result<log_slice> read_log(sequence after, std::size_t max_records,
                             std::size_t max_bytes) override {
    parameters with;
    with.number(after.value).number(at_most(max_records)).number(at_most(max_bytes));
    const auto said = ask(select_log(), with);
    if (!said) return std::unexpected(said.error());
    auto meta = read_meta(*said);
    if (!meta) return pass_on(std::move(meta));
    log_slice slice{.meta = *std::move(meta)};
    constexpr int first = point_columns(store_role::primary);
    slice.records.reserve(static_cast<std::size_t>(said->rows()));
    for (int row = 0; row < said->rows() && !said->is_null(row, first); ++row) {
      auto record = read_record(*said, row, first);
      if (!record) return pass_on(std::move(record));
      slice.records.push_back(*std::move(record));
    }
    return slice;
  }

  result<std::optional<hash256>> chain_at(sequence at) override {
    parameters with;
    with.number(at.value);
    const auto said = ask(select_chain(), with);
    if (!said) return std::unexpected(said.error());
    if (said->rows() == 0) return fail(errc::store_corrupt, "the meta row is missing");
    if (said->natural(0, 0) == at.value) return hash256::from_bytes(said->bytes(0, 1));
    if (said->is_null(0, 2)) return std::nullopt;
    return hash256::from_bytes(said->bytes(0, 2));
  }

  result<std::vector<system_row>> system_rows(std::string_view prefix, std::string_view after,
                                              std::size_t limit) override {
    const std::string behind = after.empty() ? std::string() : std::string(after) + '\0';
    const auto end = behind_prefix(prefix);
    parameters with;
    with.bytes(std::max(prefix, std::string_view(behind))).bytes(end).number(at_most(limit));
    const auto said = ask(select_system(), with);
    if (!said) return std::unexpected(said.error());
    std::vector<system_row> found;
    found.reserve(static_cast<std::size_t>(said->rows()));
    for (int row = 0; row < said->rows(); ++row) {
      found.push_back({std::string(said->bytes(row, 0)), std::string(said->bytes(row, 1))});
    }
    return found;
  }
};

}  // namespace

std::unique_ptr<primary_reader> new_primary_reader(std::shared_ptr<store> keep,
                                                   lasting_connection over) {
  return std::make_unique<reader_of_primary>(std::move(keep), std::move(over));
}

std::unique_ptr<store_reader> new_secondary_reader(std::shared_ptr<store> keep,
                                                   lasting_connection over) {
  return std::make_unique<reader_of_secondary>(std::move(keep), std::move(over));
}

}  // namespace keelson::backends::postgres
