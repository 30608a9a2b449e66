#include "protocols/http/routes.hpp"

#include <algorithm>

#include "protocols/http/changes_routes.hpp"
#include "protocols/http/handlers.hpp"
#include "protocols/http/service_info.hpp"

namespace keelson::http {

namespace {

using enum surface;

// A path's rows stand together. Readers of api.md find the rows in its order.
constexpr std::array table{
    route{method::get,
          "/v1/kv/{collection}/{key}",
          native,
          scope::read,
          "store verify min_position",
          get_document,
          "Read a document",
          {"getDocument", "200=application/json:Value 304 404 410 412", "",
           "If-Match If-None-Match"}},
    route{method::put,
          "/v1/kv/{collection}/{key}",
          native,
          scope::write,
          "",
          put_document,
          "Create or replace a document",
          {"putDocument",
           "200=application/json:Receipt 201=application/json:Receipt 412 413 415 422 507",
           "application/json:Value", "If-Match If-None-Match Idempotency-Key"}},
    route{method::patch,
          "/v1/kv/{collection}/{key}",
          native,
          scope::write,
          "",
          patch_document,
          "Change parts of a document (RFC 7396)",
          {"patchDocument", "200=application/json:Receipt 404 412 413 415 422 507",
           "application/merge-patch+json:Value", "If-Match If-None-Match Idempotency-Key"}},
    route{method::remove,
          "/v1/kv/{collection}/{key}",
          native,
          scope::write,
          "",
          delete_document,
          "Delete a document",
          {"deleteDocument", "200=application/json:Receipt 404 412 422 507", "",
           "If-Match If-None-Match Idempotency-Key"}},
    route{method::get,
          "/v1/kv/{collection}",
          native,
          scope::read,
          "prefix after limit reverse values store min_position",
          list_documents,
          "List documents in the order of their keys",
          {"listDocuments", "200=application/json:Page|application/x-ndjson:Lines 410"}},
    route{method::post,
          "/v1/kv/{collection}",
          native,
          scope::write,
          "key_field if_absent",
          post_documents,
          "Create a document under a made key, or load many",
          {"postDocuments",
           "200=application/json:Loaded 201=application/json:Receipt 413 415 422 507",
           "application/json:Value application/x-ndjson:Lines", "Idempotency-Key"}},
    route{method::remove,
          "/v1/kv/{collection}",
          native,
          scope::write,
          "prefix all",
          delete_documents,
          "Delete the documents of a prefix, or all, in slices",
          {"deleteDocuments", "200=application/json:Deleted 507"}},
    route{method::get,
          "/v1/collections",
          native,
          scope::read,
          "min_position",
          get_collections,
          "List the collections with their documents and bytes",
          {"listCollections", "200=application/json:Collections 410"}},
    route{method::post,
          "/v1/batch",
          native,
          scope::write,
          "",
          post_batch,
          "Write documents of several collections, all or none",
          {"postBatch", "200=application/json:BatchReceipt 404 412 413 415 422 507",
           "application/json:Batch", "Idempotency-Key"}},
    route{method::post,
          "/v1/batch/get",
          native,
          scope::read,
          "store verify min_position",
          post_batch_get,
          "Read documents as of one position",
          {"getMany", "200=application/json:Found 410 413 415", "application/json:GetMany"}},
    route{method::get,
          "/v1/changes",
          native,
          scope::read,
          changes_parameters,
          get_changes,
          "Changes: a page, server-sent events, or the upgrade to WebSocket",
          {"getChanges", "200=application/json:Changes|text/event-stream:Text 410", "",
           "Last-Event-ID"}},
    route{method::get,
          "/healthz",
          native,
          scope::none,
          "",
          get_healthz,
          "The process lives",
          {"getHealth", "200=application/json:State"}},
    route{method::get,
          "/readyz",
          native,
          scope::none,
          "",
          get_readyz,
          "The primary serves",
          {"getReadiness", "200=application/json:Readiness 503=application/json:Readiness"}},
    route{method::get,
          "/metrics",
          native,
          scope::read,
          "",
          get_metrics,
          "Prometheus metrics",
          {"getMetrics", "200=text/plain:Text"}},
    route{method::get,
          "/v1/status",
          native,
          scope::read,
          "",
          get_status,
          "The state of every component",
          {"getStatus", "200=application/json:Status"}},
    route{method::post,
          "/v1/verify",
          native,
          scope::admin,
          "",
          post_verify,
          "Compare the stores in full",
          {"startVerify", "202=application/json:Started 409 413 415", "application/json:Wanted?"}},
    route{method::get,
          "/v1/verify/{id}",
          native,
          scope::read,
          "",
          get_verify,
          "A comparison's progress and result",
          {"getVerify", "200=application/json:Report 404"}},
    route{method::remove,
          "/v1/verify/{id}",
          native,
          scope::admin,
          "",
          delete_verify,
          "Stop a comparison",
          {"stopVerify", "200=application/json:Report 404"}},
    route{method::get,
          "/v1/verify/{id}/differences",
          native,
          scope::read,
          "after",
          get_differences,
          "All differences that a comparison found",
          {"listDifferences", "200=application/json:Differences 404"}},
    route{method::post,
          "/v1/secondaries/{name}/pause",
          native,
          scope::admin,
          "",
          pause_secondary,
          "Let a secondary rest",
          {"pauseSecondary", "200=application/json:Secondary 404 413 415",
           "application/json:Nothing?"}},
    route{method::post,
          "/v1/secondaries/{name}/resume",
          native,
          scope::admin,
          "",
          resume_secondary,
          "Let a paused secondary follow again",
          {"resumeSecondary", "200=application/json:Secondary 404 413 415",
           "application/json:Nothing?"}},
    route{method::post,
          "/v1/secondaries/{name}/rebuild",
          native,
          scope::admin,
          "",
          rebuild_secondary,
          "Fill a secondary anew from the primary",
          {"rebuildSecondary", "200=application/json:Secondary 404 409 413 415",
           "application/json:Confirmation?"}},
    route{method::get,
          "/v1/openapi.json",
          native,
          scope::read,
          "",
          get_openapi,
          "This description",
          {"getDescription", "200=application/json:Value"}},
};

std::string_view next_segment(std::string_view& path) noexcept {
  path.remove_prefix(1);  // the slash
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

/// How many segments were taken for `{name}`s; nothing if the path is another.
std::optional<std::size_t> match_path(std::string_view pattern, std::string_view path,
                                      path_segments& taken) noexcept {
  std::size_t count = 0;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = next_segment(pattern);
    const std::string_view given = next_segment(path);
    if (wanted.starts_with('{')) {
      taken[count++] = given;
    } else if (wanted != given) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return count;
}

enum class listed : std::uint8_t { no, once, repeatable };

listed find_listed(std::string_view list, std::string_view name) noexcept {
  while (!list.empty()) {
    std::string_view one = list.substr(0, list.find(' '));
    list.remove_prefix(std::min(list.size(), one.size() + 1));
    const bool repeatable = one.ends_with('*');
    if (repeatable) one.remove_suffix(1);
    if (one == name) return repeatable ? listed::repeatable : listed::once;
  }
  return listed::no;
}

void add_allowed(std::string& list, method allowed) {
  if (!list.empty()) list.append(", ");
  list.append(to_string(allowed));
  if (allowed == method::get) list.append(", HEAD");
}

}  // namespace

std::span<const route> routes() noexcept {
  return table;
}

route_match match_route(http::method method, std::string_view path) {
  const http::method wanted = method == http::method::head ? http::method::get : method;
  route_match match;
  if (!path.starts_with('/')) return match;
  for (const route& each : table) {
    const auto count = match_path(each.path, path, match.segments);
    if (!count) continue;
    if (each.method == wanted) {
      match.found = &each;
      match.segment_count = *count;
      return match;
    }
    add_allowed(match.allowed, each.method);
  }
  return match;
}

std::span<const std::string_view> route_names() {
  static const auto texts = [] {
    std::array<std::string, table.size()> made;
    std::ranges::transform(table, made.begin(), [](const route& each) {
      return std::string(to_string(each.method)) + ' ' + std::string(each.path);
    });
    return made;
  }();
  static const std::vector<std::string_view> names(texts.begin(), texts.end());
  return names;
}

result<void> check_parameters(const route& of, const wire::query& query) {
  const auto& given = query.parameters();
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string& name = given[i].name;
    const listed own = find_listed(of.parameters, name);
    const listed found = own == listed::no ? find_listed(common_parameters, name) : own;
    if (found == listed::no) {
      std::string known(of.parameters);
      if (!known.empty()) known.push_back(' ');
      known.append(common_parameters);
      std::erase(known, '*');
      return fail(errc::invalid_parameter,
                  "there is no parameter \"" + name + "\" here; this path takes only: " + known);
    }
    const auto before = given.begin() + static_cast<std::ptrdiff_t>(i);
    const auto same = [&](const auto& other) { return other.name == name; };
    if (found == listed::once && std::any_of(given.begin(), before, same))
      return fail(errc::invalid_parameter, "the parameter " + name + " comes twice");
  }
  return {};
}

}  // namespace keelson::http
