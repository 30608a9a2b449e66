#include "config/reports.hpp"

#include <array>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "backends/registry.hpp"
#include "config/sources.hpp"
#include "protocols/model/json_escape.hpp"

namespace keelson::config {

namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  append_escaped(out, text);
  return out += '"';
}

std::vector<std::string_view> words_of(const backends::capabilities& able) {
  std::vector<std::string_view> words;
  for (const auto& [has, word] : {std::pair{able.durable, "durable"},
                                  {able.transactional, "transactional"},
                                  {able.snapshots, "snapshots"},
                                  {able.ordered_scan, "ordered_scan"},
                                  {able.primary, "primary"}}) {
    if (has) words.emplace_back(word);
  }
  return words;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string text;
  for (const auto word : words) text.append(text.empty() ? "" : ",").append(word);
  return text.empty() ? "-" : text;
}

std::string json_array(const std::vector<std::string_view>& words) {
  std::string text;
  for (const auto word : words) text.append(text.empty() ? "" : ",").append(quoted(word));
  return "[" + text + "]";
}

/// What the reference tells of a setting.
std::string about(const setting& which) {
  std::string text;
  const auto member = [&text](std::string_view name, std::string_view value) {
    text.append(",").append(quoted(name)).append(":").append(quoted(value));
  };
  member("area", which.area);
  member("form", which.kind);
  member("default", which.fallback);
  member("flag", which.short_flag.empty() ? flag_of(which) : which.short_flag);
  if (which.from == reach::everywhere) member("variable", variable_of(which));
  member("description", which.help);
  return text + R"(,"at_run_time":)" + (which.at_run_time ? "true" : "false");
}

}  // namespace

void print_settings(std::ostream& out, std::span<const in_force> rows, report_form form) {
  for (const auto& each : rows) {
    if (form == report_form::json) {
      out << R"({"name":)" << quoted(each.name) << R"(,"value":)" << quoted(each.value)
          << R"(,"source":)" << quoted(each.from);
      if (const auto* const known = find_setting(each.name)) out << about(*known);
      out << "}\n";
    } else {
      out << each.name << '\t' << each.value << '\t' << each.from << '\n';
    }
  }
}

void print_backends(std::ostream& out, report_form form) {
  for (const auto& engine : backends::engines()) {
    const auto words = words_of(engine.abilities);
    if (form == report_form::json) {
      out << R"({"scheme":)" << quoted(engine.scheme) << R"(,"url":)" << quoted(engine.url_form)
          << R"(,"capabilities":)" << json_array(words) << R"(,"description":)"
          << quoted(engine.description) << "}\n";
    } else {
      out << engine.scheme << '\t' << engine.url_form << '\t' << joined(words) << '\t'
          << engine.description << '\n';
    }
  }
}

}  // namespace keelson::config
