#include "backends/mongo/mongo_records.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <utility>

#include "backends/mongo/finding.hpp"
#include "backends/mongo/identifiers.hpp"
#include "backends/mongo/raising.hpp"
#include "backends/mongo/stored_rows.hpp"

namespace keelson::backends::mongo {

namespace {

using namespace commit_record;

void only_what_is_there(search& wanted) {
  bson_doc absent;
  absent.flag("$exists", false);
  wanted.filter.object("gone", absent);
}

/// Those whose `_id` lies in a range.
void within_range(search& wanted, const scan_request& request) {
  bson_doc bounds;
  if (!request.collection.empty()) {
    const auto first = first_identifier(request.collection, request.prefix);
    bounds.text("$gte", first).text("$lt", behind(first));
  }
  const bool forward = request.direction == scan_direction::forward;
  // An object has one `$lt` at most, so that there are two of them under one `$and`.
  bson_doc all;
  bson_doc first_part;
  bson_doc second_part;
  first_part.object("_id", bounds);
  bson_doc edges;
  if (request.after) edges.text(forward ? "$gt" : "$lt", document_identifier(*request.after));
  if (request.until) edges.text(forward ? "$lte" : "$gte", document_identifier(*request.until));
  second_part.object("_id", edges);
  int parts = 0;
  if (bson_count_keys(bounds.get()) > 0) all.object(std::to_string(parts++), first_part);
  if (bson_count_keys(edges.get()) > 0) all.object(std::to_string(parts++), second_part);
  if (parts > 0) wanted.filter.array("$and", all);
}

class mongo_records final : public record_engine {
 public:
  explicit mongo_records(std::shared_ptr<database> at) : at_(std::move(at)) {}

  result<std::optional<store_sign>> sign() override;
  result<bool> create(const store_sign& sign) override;
  result<void> change_sign(const store_sign& sign) override;

  result<std::optional<record_head>> newest() override;
  result<bool> insert(const record_head& head, std::string_view body) override;
  result<void> complete(std::uint64_t number) override;
  result<std::optional<std::uint64_t>> seek(std::uint64_t number, sequence at) override;
  result<void> visit_records(std::uint64_t number, const record_visitor& visit) override;
  result<void> sweep(std::uint64_t floor) override;

  result<void> check(const row_view& row) const override { return check_row(row); }
  result<void> raise(const raised_rows& rows) override { return raise_rows(*at_, rows); }
  result<void> get(std::span<const document_id> ids, const document_sink& sink) override;
  result<void> visit_documents(const scan_request& request, const document_visitor& visit) override;
  result<std::optional<std::string>> system_value(std::string_view key) override;
  result<void> visit_system(std::string_view prefix, std::string_view after, std::size_t limit,
                            const row_visitor& visit) override;

 private:
  std::shared_ptr<database> at_;
};

result<std::optional<store_sign>> mongo_records::sign() {
  result<std::optional<store_sign>> sign;
  const auto take = [&](const bson_members& row) -> result<bool> {
    auto found = read_sign(row);
    if (!found) return pass_on(std::move(found));
    *sign = *std::move(found);
    return false;
  };
  search all;
  all.limited_to(1);
  if (auto done = find(*at_, meta_name, all, take); !done) return pass_on(std::move(done));
  if (*sign) return sign;
  for (const auto* const ours : {documents_name, system_name, records_name}) {
    bool any = false;
    const auto note = [&](const bson_members&) -> result<bool> {
      any = true;
      return false;
    };
    if (auto done = find(*at_, ours, all, note); !done) return pass_on(std::move(done));
    if (any) {
      return fail(errc::store_foreign, "the database " + at_->name() + " has a collection " + ours +
                                           " without an owner's mark");
    }
  }
  return sign;
}

result<bool> mongo_records::create(const store_sign& sign) {
  bson_doc row;
  write_sign(row, sign);
  return insert_row(*at_, meta_name, row);
}

result<void> mongo_records::change_sign(const store_sign& sign) {
  if (auto made = make_indexes(*at_); !made) return made;
  bson_doc which;
  which.text("_id", "owner");
  bson_doc row;
  write_sign(row, sign);
  return replace_row(*at_, meta_name, which, row);
}

result<std::optional<record_head>> mongo_records::newest() {
  result<std::optional<record_head>> newest;
  const auto take = [&](const bson_members& row) -> result<bool> {
    auto record = read_record(row);
    if (!record) return pass_on(std::move(record));
    *newest = std::move(record->head);
    return false;
  };
  search wanted;
  wanted.sorted_by("_id", false).limited_to(1).without({"body"});
  if (auto done = find(*at_, records_name, wanted, take); !done) return pass_on(std::move(done));
  return newest;
}

result<bool> mongo_records::insert(const record_head& head, std::string_view body) {
  if (auto fits = check_body(body); !fits) return pass_on(std::move(fits));
  bson_doc row;
  write_record(row, head, body);
  return insert_row(*at_, records_name, row);
}

result<void> mongo_records::complete(std::uint64_t number) {
  return mark_complete(*at_, number);
}

result<std::optional<std::uint64_t>> mongo_records::seek(std::uint64_t number, sequence at) {
  result<std::optional<std::uint64_t>> first;
  const auto take = [&](const bson_members& row) -> result<bool> {
    *first = row.number("_id");
    return false;
  };
  search wanted;
  bson_doc from;
  from.number("$gte", number);
  bson_doc behind_it;
  behind_it.number("$gte", at.value);
  wanted.filter.object("_id", from).object("last", behind_it);
  wanted.sorted_by("_id", true).limited_to(1).without({"body", "state"});
  if (auto done = find(*at_, records_name, wanted, take); !done) return pass_on(std::move(done));
  return first;
}

result<void> mongo_records::visit_records(std::uint64_t number, const record_visitor& visit) {
  // One by one at first: most visits end soon, and a record may be large.
  constexpr std::size_t most_at_a_time = 16;
  std::size_t at_a_time = 1;
  for (bool more = true; more;) {
    std::size_t seen = 0;
    const auto take = [&](const bson_members& row) -> result<bool> {
      auto record = read_record(row);
      if (!record) return pass_on(std::move(record));
      ++seen;
      number = record->head.number + 1;
      auto goes_on = visit(*std::move(record));
      if (goes_on && !*goes_on) more = false;
      return goes_on;
    };
    search wanted;
    bson_doc from;
    from.number("$gte", number);
    wanted.filter.object("_id", from);
    wanted.sorted_by("_id", true).limited_to(at_a_time);
    if (auto done = find(*at_, records_name, wanted, take); !done) return done;
    more = more && seen == at_a_time;
    at_a_time = std::min(2 * at_a_time, most_at_a_time);
  }
  return {};
}

result<void> mongo_records::sweep(std::uint64_t floor) {
  for (const auto& [collection, member] :
       {std::pair{documents_name, "gone"}, {system_name, "gone"}, {records_name, "_id"}}) {
    if (auto done = remove_below(*at_, collection, member, floor); !done) return done;
  }
  return {};
}

result<void> mongo_records::get(std::span<const document_id> ids, const document_sink& sink) {
  if (ids.empty()) return {};
  std::unordered_map<std::string, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i < ids.size(); ++i) places[document_identifier(ids[i])].push_back(i);
  bson_doc list;
  std::size_t next = 0;
  for (const auto& [identifier, _] : places) list.text(std::to_string(next++), identifier);
  bson_doc any_of;
  any_of.array("$in", list);
  search wanted;
  wanted.filter.object("_id", any_of);
  only_what_is_there(wanted);
  const auto take = [&](const bson_members& row) -> result<bool> {
    const auto found = read_document(row);
    if (!found) return std::unexpected(found.error());
    for (const auto index : places[std::string(row.text("_id"))]) {
      if (auto taken = sink(index, *found); !taken) return pass_on(std::move(taken));
    }
    return true;
  };
  return find(*at_, documents_name, wanted, take);
}

result<void> mongo_records::visit_documents(const scan_request& request,
                                            const document_visitor& visit) {
  search wanted;
  within_range(wanted, request);
  only_what_is_there(wanted);
  wanted.sorted_by("_id", request.direction == scan_direction::forward);
  wanted.limited_to(request.max_documents);
  if (request.content == scan_content::without_values) wanted.without({"value", "text"});
  const auto take = [&](const bson_members& row) -> result<bool> {
    auto found = read_document(row);
    if (!found) return pass_on(std::move(found));
    return visit(*std::move(found));
  };
  return find(*at_, documents_name, wanted, take);
}

result<std::optional<std::string>> mongo_records::system_value(std::string_view key) {
  result<std::optional<std::string>> value;
  const auto take = [&](const bson_members& row) -> result<bool> {
    value->emplace(row.bytes("value"));
    return false;
  };
  search wanted;
  wanted.filter.text("_id", sortable(key));
  only_what_is_there(wanted);
  if (auto done = find(*at_, system_name, wanted, take); !done) return pass_on(std::move(done));
  return value;
}

result<void> mongo_records::visit_system(std::string_view prefix, std::string_view after,
                                         std::size_t limit, const row_visitor& visit) {
  search wanted;
  bson_doc bounds;
  bounds.text("$gt", sortable(after)).text("$gte", sortable(prefix));
  bounds.text("$lt", behind(sortable(prefix)));
  wanted.filter.object("_id", bounds);
  only_what_is_there(wanted);
  wanted.sorted_by("_id", true).limited_to(limit);
  const auto take = [&](const bson_members& row) -> result<bool> {
    return visit({from_sortable(row.text("_id")), std::string(row.bytes("value"))});
  };
  return find(*at_, system_name, wanted, take);
}

}  // namespace

result<bool> keeps_what_it_journals(const database& at) {
  const lease with(at);
  bson_doc command;
  command.number("serverStatus", 1);
  bson_t reply;
  bson_error_t why{};
  const bool answered = mongoc_client_read_command_with_opts(with.client(), "admin", command.get(),
                                                             nullptr, nullptr, &reply, &why);
  bson_t engine;
  const bool kept = answered && bson_members(&reply).object("storageEngine", engine) &&
                    bson_members(&engine).flag("persistent");
  bson_destroy(&reply);
  const bool refused = why.domain == MONGOC_ERROR_SERVER;  // such as without the right to ask
  if (!answered && !refused) return std::unexpected(read_error(at, why));
  return kept;
}

std::shared_ptr<record_engine> make_records(std::shared_ptr<database> at) {
  return std::make_shared<mongo_records>(std::move(at));
}

}  // namespace keelson::backends::mongo
