#include "protocols/wire/documents.hpp"

#include "protocols/wire/json_text.hpp"

namespace keelson::wire {

namespace {

void append_version(json_object& out, version of) {
  if (of == version{}) {
    out.raw("version", "null");
  } else {
    out.number("version", of.value);
  }
}

std::size_t size_of(const document& item) {
  return item.value.size() + item.id.key.text().size() + 64;
}

}  // namespace

std::string receipt_text(const document_key& key, const messages::operation_outcome& outcome,
                         const position& at) {
  json_object out(key.text().size() + 96);
  out.text("key", key.text());
  append_version(out, outcome.now);
  out.text("position", at.text());
  return std::move(out).finish();
}

std::string batch_receipt_text(const messages::write_receipt& receipt) {
  json_object out(receipt.outcomes.size() * 32 + 64);
  out.text("position", receipt.at.text());
  out.array("results", receipt.outcomes, [](std::string& to, const auto& outcome) {
    json_object one;
    append_version(one, outcome.now);
    to.append(std::move(one).finish());
  });
  return std::move(out).finish();
}

void append_item(std::string& out, const document& item, messages::list_values values) {
  out.append("{\"key\":");
  append_json_string(out, item.id.key.text());
  out.append(",\"version\":");
  append_number(out, item.version.value);
  if (values == messages::list_values::with) out.append(",\"value\":").append(item.value);
  out.push_back('}');
}

std::string list_text(const messages::list_page& page, messages::list_values values) {
  std::size_t size = 128;
  for (const document& item : page.documents) size += size_of(item);
  json_object out(size);
  out.array("items", page.documents,
            [&](std::string& to, const document& item) { append_item(to, item, values); });
  if (page.at_end == 0 && !page.documents.empty())
    out.text("next", page.documents.back().id.key.text());
  out.text("position", page.at.text());
  return std::move(out).finish();
}

std::string collections_text(const messages::collections_reply& reply) {
  json_object out(reply.collections.size() * 64 + 64);
  out.array("collections", reply.collections, [](std::string& to, const auto& each) {
    json_object one;
    one.text("name", each.name);
    one.number("documents", each.documents);
    one.number("bytes", each.bytes);
    to.append(std::move(one).finish());
  });
  out.text("position", reply.at.text());
  return std::move(out).finish();
}

std::string deleted_text(std::uint64_t deleted, const position& at) {
  json_object out;
  out.number("deleted", deleted);
  out.text("position", at.text());
  return std::move(out).finish();
}

std::string list_trailer(const position& at, const set_digest& sent) {
  json_object out;
  out.text("position", at.text());
  out.number("count", static_cast<std::uint64_t>(sent.count()));
  out.text("digest", sent.hex());
  return std::move(out).finish() + '\n';
}

std::string get_many_text(const messages::get_many_request& asked,
                          const messages::get_many_reply& found) {
  std::size_t size = 128;
  std::vector<const document*> items;
  std::vector<const document_key*> missing;
  for (std::size_t i = 0; i < asked.keys.size(); ++i) {
    const auto& each = found.documents.at(i);
    if (each.found != 0) {
      items.push_back(&each.value);
      size += size_of(each.value);
    } else {
      missing.push_back(&asked.keys[i]);
      size += asked.keys[i].text().size() + 3;
    }
  }
  json_object out(size);
  out.array("items", items, [](std::string& to, const document* item) {
    append_item(to, *item, messages::list_values::with);
  });
  out.array("missing", missing,
            [](std::string& to, const document_key* key) { append_json_string(to, key->text()); });
  out.text("position", found.at.text());
  return std::move(out).finish();
}

}  // namespace keelson::wire
