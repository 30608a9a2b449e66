#include "backends/mongo/stored_rows.hpp"

#include <string>
#include <utility>

#include "backends/mongo/identifiers.hpp"
#include "backends/mongo/value_bson.hpp"

namespace keelson::backends::mongo {

namespace {

/// What the other members of a row take at most, names of 2 KiB written as hexadecimal digits
/// among them.
constexpr std::size_t around_value = std::size_t{32} << 10;

result<void> check_size(std::size_t size, std::string_view what) {
  if (size <= largest_row - around_value) return {};
  return fail(errc::too_large, std::string(what) + " has " + std::to_string(size) +
                                   " bytes; MongoDB takes 16 MiB at most");
}

/// All but the value.
void write_head(bson_doc& out, const row_view& row, std::uint64_t number) {
  out.text("_id", document_identifier(*row.id));
  out.text("collection", row.id->collection.text()).text("key", row.id->key.text());
  out.number("record", number);
  if (row.op == change_op::remove) {
    out.number("gone", number);
    return;
  }
  out.number("version", row.version.value);
  out.number("time", static_cast<std::uint64_t>(row.time.microseconds));
  out.bytes("hash", row.hash.view());
  if (!row.meta.empty()) out.bytes("meta", row.meta);
}

/// Shorter than what BSON makes of it for sure: an item of an array has its index as its name.
bool could_outgrow(std::string_view value) {
  return value.size() > largest_row / 16;
}

std::unexpected<error> not_ours(std::string_view what) {
  return fail(errc::store_corrupt, std::string(what) + " is not as Keelson writes it");
}

}  // namespace

result<void> check_row(const row_view& row) {
  return check_size(row.value.size() + row.meta.size(), "a document");
}

result<void> check_body(std::string_view body) {
  return check_size(body.size(), "what is to be written together");
}

void write_document(bson_doc& out, const row_view& row, std::uint64_t number) {
  write_head(out, row, number);
  if (row.op == change_op::remove) return;
  bson_doc value;
  const bool fits = append_value(*value.get(), "value", row.value) &&
                    (!could_outgrow(row.value) || value.get()->len < largest_row - around_value);
  if (fits) {
    bson_concat(out.get(), value.get());
  } else {
    out.text("text", row.value);
  }
}

void write_record(bson_doc& out, const commit_record::record_head& head, std::string_view body) {
  out.number("_id", head.number).number("floor", head.floor).number("last", head.last.value);
  out.bytes("state", head.state).flag("complete", head.complete).bytes("body", body);
}

void write_sign(bson_doc& out, const commit_record::store_sign& sign) {
  out.text("_id", "owner").text("log_id", sign.owner.log_id);
  out.number("role", static_cast<std::uint64_t>(sign.owner.role)).text("name", sign.owner.name);
  out.number("format", sign.format).flag("filled", sign.filled);
}

void write_system(bson_doc& out, const system_write& row, std::uint64_t number) {
  out.text("_id", sortable(row.key)).number("record", number);
  if (row.value) {
    out.bytes("value", *row.value);
  } else {
    out.number("gone", number);
  }
}

result<document> read_document(const bson_members& row) {
  const auto hash = hash256::from_bytes(row.bytes("hash"));
  if (!hash) return not_ours("a document");
  result<document> found(std::in_place);
  found->id = {collection_name::trusted(std::string(row.text("collection"))),
               document_key::trusted(std::string(row.text("key")))};
  found->version.value = row.number("version");
  found->time.microseconds = static_cast<std::int64_t>(row.number("time"));
  found->hash = *hash;
  found->meta = row.bytes("meta");
  bson_iter_t value;
  if (bson_iter_init_find(&value, row.get(), "value")) {
    found->value = value_text(value);
  } else {
    found->value = row.text("text");
  }
  return found;
}

result<commit_record::whole_record> read_record(const bson_members& row) {
  if (!row.has("state")) return not_ours("a commit record");
  return commit_record::whole_record{.head = {.number = row.number("_id"),
                                              .floor = row.number("floor"),
                                              .last = {row.number("last")},
                                              .state = std::string(row.bytes("state")),
                                              .complete = row.flag("complete")},
                                     .body = std::string(row.bytes("body"))};
}

result<commit_record::store_sign> read_sign(const bson_members& row) {
  const auto role = row.number("role");
  if (row.text("_id") != "owner" || (role != 1 && role != 2)) {
    return fail(errc::store_foreign, "the collection keelson_meta does not name an owner");
  }
  return commit_record::store_sign{.owner = {.log_id = std::string(row.text("log_id")),
                                             .role = static_cast<store_role>(role),
                                             .name = std::string(row.text("name"))},
                                   .format = static_cast<std::uint32_t>(row.number("format")),
                                   .filled = row.flag("filled")};
}

}  // namespace keelson::backends::mongo
