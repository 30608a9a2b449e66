#include "protocols/wire/feed_frames.hpp"

#include "protocols/model/canonical_json.hpp"

namespace keelson::wire {
namespace {

std::string frame_of(std::string_view type, std::string_view id) {
  std::string frame = "{\"type\":\"";
  frame += type;
  frame += "\",\"id\":";
  append_json_string(frame, id);
  return frame;
}

std::string frame_at(std::string_view type, std::string_view id, const position& at) {
  return frame_of(type, id) + ",\"position\":\"" + at.text() + "\"}";
}

void append_document(std::string& out, const document& document, change_values values) {
  out += "{\"collection\":";
  append_json_string(out, document.id.collection.text());
  out += ",\"key\":";
  append_json_string(out, document.id.key.text());
  out += ",\"version\":";
  out += std::to_string(document.version.value);
  if (values == change_values::with) {
    out += ",\"value\":";
    out += document.value;
  }
  out += '}';
}

}  // namespace

std::string subscribed_frame(std::string_view id, const position& at) {
  return frame_at("subscribed", id, at);
}

std::string position_frame(std::string_view id, const position& at) {
  return frame_at("position", id, at);
}

std::string live_frame(std::string_view id, const position& at) {
  return frame_at("live", id, at);
}

std::string changes_frame_head(std::string_view id) {
  return frame_of("changes", id) + ",\"changes\":";
}

std::string documents_frame(std::string_view id, std::span<const document>& documents,
                            change_values values) {
  auto frame = frame_of("documents", id) + ",\"documents\":[";
  std::string next;
  for (bool first = true; !documents.empty(); first = false) {
    next.clear();
    append_document(next, documents.front(), values);
    if (!first && frame.size() + next.size() + frame_envelope_bytes > max_frame_bytes) break;
    if (!first) frame += ',';
    frame += next;
    documents = documents.subspan(1);
  }
  frame += "]}";
  return frame;
}

std::string closed_frame(std::string_view id, std::string_view code, std::string_view oldest,
                         const position& at) {
  auto frame = frame_of("closed", id) + ",\"code\":\"" + std::string(code) + '"';
  if (!oldest.empty()) frame += ",\"oldest\":\"" + std::string(oldest) + '"';
  if (!at.epoch.empty()) frame += ",\"position\":\"" + at.text() + '"';
  frame += '}';
  return frame;
}

std::string error_frame(std::string_view id, std::string_view code, std::string_view detail) {
  std::string frame = "{\"type\":\"error\"";
  if (!id.empty()) {
    frame += ",\"id\":";
    append_json_string(frame, id);
  }
  frame += ",\"code\":\"" + std::string(code) + "\",\"detail\":";
  append_json_string(frame, detail);
  frame += '}';
  return frame;
}

std::string_view pong_frame() noexcept {
  return R"({"type":"pong"})";
}

std::string position_event(const position& at) {
  const auto text = at.text();
  return "event: position\nid: " + text + "\ndata: {\"position\":\"" + text + "\"}\n\n";
}

std::string closed_event(std::string_view code, std::string_view oldest) {
  auto event = "retry: 60000\nevent: closed\ndata: {\"code\":\"" + std::string(code) + '"';
  if (!oldest.empty()) event += ",\"oldest\":\"" + std::string(oldest) + '"';
  return event + "}\n\n";
}

}  // namespace keelson::wire
