#include "backends/mongo/raising.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "backends/mongo/identifiers.hpp"
#include "backends/mongo/stored_rows.hpp"

namespace keelson::backends::mongo {

namespace {

struct bulk_deleter {
  void operator()(mongoc_bulk_operation_t* bulk) const { mongoc_bulk_operation_destroy(bulk); }
};

/// The rows of one collection that are written together, in any order.
class raise_run {
 public:
  raise_run(const database& at, const char* collection, std::uint64_t number)
      : at_(&at), to_(at, collection) {
    bson_doc options;
    options.flag("ordered", false);
    demand(options, surety::kept);
    bulk_.reset(mongoc_collection_create_bulk_operation_with_opts(to_.get(), options.get()));
    upsert_.flag("upsert", true).flag("validate", false);
    lower_.number("$lt", number);
  }

  /// Where a row with this number or a higher one is, nothing matches and the `_id` is taken.
  result<void> add(const std::string& identifier, const bson_doc& row) {
    ++rows_;
    bson_doc which;
    which.text("_id", identifier).object("record", lower_);
    bson_error_t why;
    if (mongoc_bulk_operation_replace_one_with_opts(bulk_.get(), which.get(), row.get(),
                                                    upsert_.get(), &why)) {
      return {};
    }
    return fail(errc::too_large, at_->shown() + ": " + why.message);
  }

  /// Each row has to be accounted for: it was written, or something newer is there. The driver
  /// tells of one error alone, and that may hide another.
  result<void> execute() {
    bson_t reply;
    bson_error_t why{};
    const bool done = mongoc_bulk_operation_execute(bulk_.get(), &reply, &why) != 0;
    const auto accounted_for = bson_members(&reply).number("nMatched") +
                               bson_members(&reply).number("nUpserted") + taken_in(reply);
    const bool kept = !holds_items(reply, "writeConcernErrors");
    bson_destroy(&reply);
    if (done || (kept && accounted_for == rows_)) return {};
    if (is_taken(why)) return fail(errc::outcome_unknown, at_->shown() + " broke off a write");
    return std::unexpected(write_error(*at_, why));
  }

 private:
  static bool holds_items(const bson_t& reply, const char* name) {
    bson_iter_t at;
    bson_iter_t first;
    return bson_iter_init_find(&at, &reply, name) && bson_iter_recurse(&at, &first) &&
           bson_iter_next(&first);
  }

  /// How many rows were not written because something newer is there.
  static std::uint64_t taken_in(const bson_t& reply) {
    bson_iter_t at;
    bson_iter_t each;
    if (!bson_iter_init_find(&at, &reply, "writeErrors") || !bson_iter_recurse(&at, &each)) {
      return 0;
    }
    std::uint64_t taken = 0;
    while (bson_iter_next(&each)) {
      bson_iter_t code;
      if (!bson_iter_recurse(&each, &code) || !bson_iter_find(&code, "code")) continue;
      bson_error_t one{};
      one.code = static_cast<std::uint32_t>(bson_iter_as_int64(&code));
      if (is_taken(one)) ++taken;
    }
    return taken;
  }

  const database* at_;
  table to_;
  std::uint64_t rows_ = 0;
  std::unique_ptr<mongoc_bulk_operation_t, bulk_deleter> bulk_;
  bson_doc upsert_;
  bson_doc lower_;
};

/// So many rows go in one command, which then takes a small part of the time for an answer.
constexpr std::size_t rows_at_once = 250;

template <class Row>
using row_maker = std::string (*)(bson_doc& out, const Row& row, std::uint64_t number);

/// `make` writes a row and gives its `_id`.
template <class Row>
result<void> raise_all(const database& at, const char* collection, std::span<const Row> rows,
                       std::uint64_t number, row_maker<Row> make) {
  while (!rows.empty()) {
    const auto now = rows.first(std::min(rows.size(), rows_at_once));
    raise_run run(at, collection, number);
    for (const auto& row : now) {
      bson_doc written;
      const auto identifier = make(written, row, number);
      if (auto added = run.add(identifier, written); !added) return added;
    }
    if (auto done = run.execute(); !done) return done;
    rows = rows.subspan(now.size());
  }
  return {};
}

std::string make_document(bson_doc& out, const row_view& row, std::uint64_t number) {
  write_document(out, row, number);
  return document_identifier(*row.id);
}

std::string make_system(bson_doc& out, const system_write& row, std::uint64_t number) {
  write_system(out, row, number);
  return sortable(row.key);
}

}  // namespace

result<bool> insert_row(const database& at, const char* collection, const bson_doc& row) {
  const table to(at, collection);
  bson_doc options;
  options.flag("validate", false);
  demand(options, surety::journaled);
  bson_error_t why;
  if (mongoc_collection_insert_one(to.get(), row.get(), options.get(), nullptr, &why)) return true;
  if (is_taken(why)) return false;
  return std::unexpected(write_error(at, why));
}

result<void> replace_row(const database& at, const char* collection, const bson_doc& which,
                         const bson_doc& row) {
  const table to(at, collection);
  bson_doc options;
  demand(options, surety::journaled);
  bson_error_t why;
  if (mongoc_collection_replace_one(to.get(), which.get(), row.get(), options.get(), nullptr,
                                    &why)) {
    return {};
  }
  return std::unexpected(write_error(at, why));
}

result<void> mark_complete(const database& at, std::uint64_t number) {
  const table to(at, records_name);
  bson_doc which;
  which.number("_id", number);
  bson_doc mark;
  mark.flag("complete", true);
  bson_doc change;
  change.object("$set", mark);
  bson_doc options;
  demand(options, surety::kept);
  bson_error_t why;
  if (mongoc_collection_update_one(to.get(), which.get(), change.get(), options.get(), nullptr,
                                   &why)) {
    return {};
  }
  return std::unexpected(write_error(at, why));
}

result<void> remove_below(const database& at, const char* collection, const char* member,
                          std::uint64_t limit) {
  const table from(at, collection);
  bson_doc below;
  below.number("$lt", limit);
  bson_doc which;
  which.object(member, below);
  bson_error_t why;
  if (mongoc_collection_delete_many(from.get(), which.get(), nullptr, nullptr, &why)) return {};
  return std::unexpected(write_error(at, why));
}

result<void> raise_rows(const database& at, const commit_record::raised_rows& rows) {
  auto done = raise_all<row_view>(at, documents_name, rows.rows, rows.number, &make_document);
  if (!done) return done;
  return raise_all<system_write>(at, system_name, rows.system, rows.number, &make_system);
}

result<void> make_indexes(const database& at) {
  for (const auto& [collection, member] :
       {std::pair{records_name, "last"}, {documents_name, "gone"}, {system_name, "gone"}}) {
    const lease with(at);
    bson_doc key;
    key.number(member, 1);
    bson_doc index;
    index.object("key", key).text("name", std::string(member) + "_1").flag("sparse", true);
    bson_doc list;
    list.object("0", index);
    bson_doc command;
    command.text("createIndexes", collection).array("indexes", list);
    bson_error_t why;
    if (!mongoc_client_write_command_with_opts(with.client(), at.name().c_str(), command.get(),
                                               nullptr, nullptr, &why)) {
      return std::unexpected(write_error(at, why));
    }
  }
  return {};
}

}  // namespace keelson::backends::mongo
