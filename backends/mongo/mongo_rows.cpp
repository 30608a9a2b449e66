#include "backends/mongo/mongo_rows.hpp"

#include <string>
#include <utility>

#include "backends/mongo/finding.hpp"

namespace keelson::backends::mongo {

namespace {

struct bson_freer {
  void operator()(char* text) const { bson_free(text); }
};
/// A document out of its extended JSON.
class parsed_doc {
 public:
  explicit parsed_doc(const std::string& text) {
    bson_error_t why;
    good_ = bson_init_from_json(&doc_, text.data(), static_cast<ssize_t>(text.size()), &why);
  }
  ~parsed_doc() {
    if (good_) bson_destroy(&doc_);
  }
  parsed_doc(const parsed_doc&) = delete;
  parsed_doc& operator=(const parsed_doc&) = delete;
  [[nodiscard]] bool find(const char* name, bson_iter_t& at) const {
    return good_ && bson_iter_init_find(&at, &doc_, name);
  }

 private:
  bson_t doc_;
  bool good_ = false;
};

std::string json_of(const bson_t* doc, bool exact) {
  const std::unique_ptr<char, bson_freer> text(exact ? bson_as_canonical_extended_json(doc, nullptr)
                                                     : bson_as_relaxed_extended_json(doc, nullptr));
  return text ? text.get() : std::string();
}

/// A member as the key of a document; empty for a type that makes none.
std::string key_of(const bson_iter_t& at) {
  switch (bson_iter_type(&at)) {
    case BSON_TYPE_UTF8: {
      std::uint32_t size = 0;
      const char* const text = bson_iter_utf8(&at, &size);
      return {text, size};
    }
    case BSON_TYPE_OID: {
      char digits[25];
      bson_oid_to_string(bson_iter_oid(&at), digits);
      return digits;
    }
    case BSON_TYPE_INT32:
    case BSON_TYPE_INT64:
      return std::to_string(bson_iter_as_int64(&at));
    default:
      return {};
  }
}

class mongo_rows final : public row_source {
 public:
  mongo_rows(std::shared_ptr<database> at, const source_request& request)
      : at_(std::move(at)),
        from_(request.from),
        key_field_(request.key_field.empty() ? "_id" : request.key_field),
        mark_(request.after) {}

  /// Whether there is anything, and whether the server can be asked.
  result<void> begin() {
    search any;
    any.limited_to(1);
    bool found = false;
    auto asked = find(*at_, from_.c_str(), any, [&found](const bson_members&) -> result<bool> {
      found = true;
      return false;
    });
    if (!asked) return asked;
    if (found) return {};
    return fail(errc::invalid_parameter,
                "the database " + at_->name() + " has no document in a collection '" + from_ + "'");
  }

  result<std::optional<std::uint64_t>> count() override { return std::nullopt; }

  result<source_page> read(std::size_t most, std::size_t most_bytes) override {
    source_page page{.rows = {}, .refused = {}, .mark = mark_};
    if (auto done = fill(page, most, most_bytes, "$gt"); !done) return pass_on(std::move(done));
    // `$gt` finds only what is of the mark's type, by the index; the next type comes after it.
    if (page.empty() && !mark_.empty()) {
      if (auto done = fill(page, most, most_bytes, "$expr"); !done) return pass_on(std::move(done));
    }
    page.mark = mark_;
    return page;
  }

 private:
  result<void> fill(source_page& page, std::size_t most, std::size_t most_bytes,
                    std::string_view by) {
    search wanted;
    if (auto ready = behind_mark(wanted.filter, by); !ready) return ready;
    wanted.sorted_by("_id", true).limited_to(most);
    std::size_t bytes = 0;
    return find(*at_, from_.c_str(), wanted, [&](const bson_members& row) -> result<bool> {
      take(page, row.get());
      if (!page.rows.empty()) bytes += page.rows.back().value.size();
      return bytes < most_bytes;
    });
  }

  result<void> behind_mark(bson_doc& filter, std::string_view by) const {
    if (mark_.empty()) return {};
    const parsed_doc mark(mark_);
    bson_iter_t id;
    if (!mark.find("_id", id)) {
      return fail(errc::invalid_parameter,
                  "the mark '" + mark_ + "' is not of a MongoDB collection");
    }
    if (by == "$gt") {
      bson_doc bound;
      bson_append_value(bound.get(), "$gt", -1, bson_iter_value(&id));
      filter.object("_id", bound);
      return {};
    }
    bson_doc literal;
    bson_append_value(literal.get(), "$literal", -1, bson_iter_value(&id));
    bson_doc sides;
    sides.text("0", "$_id").object("1", literal);
    bson_doc greater;
    greater.array("$gt", sides);
    filter.object("$expr", greater);
    return {};
  }

  void take(source_page& page, const bson_t* row) {
    bson_iter_t at;
    if (bson_iter_init_find(&at, row, "_id")) {
      bson_doc mark;
      bson_append_value(mark.get(), "_id", -1, bson_iter_value(&at));
      mark_ = json_of(mark.get(), true);
    }
    const bool there = bson_iter_init_find(&at, row, key_field_.c_str());
    auto key = there ? key_of(at) : std::string();
    if (key.empty()) {
      page.refused.push_back(
          {mark_, "has no " + key_field_ + " that is text, a whole number or an ObjectId"});
      return;
    }
    page.rows.push_back({std::move(key), json_of(row, false)});
  }

  std::shared_ptr<database> at_;
  std::string from_;
  std::string key_field_;
  std::string mark_;  ///< canonical extended JSON of an object with the last `_id`
};

}  // namespace

result<std::unique_ptr<row_source>> read_rows(const source_request& request) {
  auto at = database::at({.url = request.url, .folder = request.folder});
  if (!at) return pass_on(std::move(at));
  if (request.from.empty())
    return fail(errc::invalid_parameter, "name the collection, as in --from cities");
  auto rows = std::make_unique<mongo_rows>(std::move(*at), request);
  if (auto begun = rows->begin(); !begun) return pass_on(std::move(begun));
  return rows;
}

}  // namespace keelson::backends::mongo
