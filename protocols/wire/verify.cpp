#include "protocols/wire/verify.hpp"

#include "protocols/wire/canonical_slices.hpp"
#include "protocols/wire/json_text.hpp"

namespace keelson::wire {

namespace {

void add_version(json_object& out, std::string_view name, version of) {
  if (of == version{}) {
    out.raw(name, "null");
  } else {
    out.number(name, of.value);
  }
}

void append_report(std::string& to, const messages::secondary_report& report) {
  json_object out;
  out.text("name", report.name);
  out.text("state", to_string(report.state));
  if (!report.reason.empty()) out.text("reason", report.reason);
  out.position("from", report.from);
  out.position("to", report.to);
  json_object counts;
  counts.number("equal", report.counts.equal);
  counts.number("pending", report.counts.pending);
  counts.number("different", report.counts.different);
  counts.number("unknown", report.counts.unknown);
  out.raw("counts", std::move(counts).finish());
  out.number("differences_total", report.differences_total);
  to.append(std::move(out).finish());
}

}  // namespace

result<messages::verify_request> parse_verify(std::string_view body) {
  messages::verify_request parsed;
  if (body.empty()) return parsed;
  const auto canonical = canonicalise(body);
  if (!canonical) return std::unexpected(canonical.error());
  const auto members = object_members(*canonical);
  const auto wrong = [] {
    return fail(errc::invalid_parameter,
                "the body is an object with the strings \"secondary\" and \"collection\", both of "
                "which may be absent");
  };
  if (!members) return wrong();
  for (const member_slice& each : *members) {
    auto text = string_value(each.value.text);
    if (!text) return wrong();
    if (each.name == "secondary") {
      parsed.secondary = *std::move(text);
    } else if (each.name == "collection") {
      auto name = collection_name::parse(*text);
      if (!name) return pass_on(std::move(name));
      parsed.collection = name->text();
    } else {
      return wrong();
    }
  }
  return parsed;
}

void append_difference(std::string& to, const messages::open_difference& difference) {
  json_object out;
  out.text("secondary", difference.secondary);
  out.text("collection", difference.id.collection.text());
  out.text("key", difference.id.key.text());
  out.text("kind", difference.kind);
  add_version(out, "primary_version", difference.primary_version);
  add_version(out, "secondary_version", difference.secondary_version);
  to.append(std::move(out).finish());
}

std::string verify_report_text(const messages::verify_report& report) {
  json_object out;
  out.text("id", report.id);
  out.text("state", to_string(report.state));
  out.decimal("progress", report.progress);
  out.array("secondaries", report.secondaries, append_report);
  out.array("differences", report.differences, append_difference);
  return std::move(out).finish();
}

std::string differences_text(const messages::differences_page& page, std::uint64_t after) {
  json_object out;
  out.array("differences", page.differences, append_difference);
  if (page.at_end == 0) out.number("next", after + page.differences.size());
  return std::move(out).finish();
}

std::string consistency_text(const messages::comparisons& found) {
  std::string text;
  for (const auto& each : found.entries) {
    if (!text.empty()) text.append(", ");
    text.append(each.secondary).append("=").append(to_string(each.outcome));
  }
  return text;
}

}  // namespace keelson::wire
