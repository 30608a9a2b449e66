#include "config/reports.hpp"

#include <array>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

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

std::string table_line(const backends::driver& driver) {
  std::string text(driver.scheme);
  if (driver.in_build == nullptr) {
    return text.append("\t-\t-\tnot in this build: install ")
        .append(driver.package)
        .append(" and build with -D")
        .append(driver.option)
        .append("=ON");
  }
  const auto& engine = driver.in_build();
  return text.append("\t")
      .append(engine.url_form)
      .append("\t")
      .append(joined(words_of(engine.abilities)))
      .append("\t")
      .append(engine.description);
}

std::string json_line(const backends::driver& driver) {
  const bool built = driver.in_build != nullptr;
  std::string text = R"({"scheme":)" + quoted(driver.scheme);
  if (!driver.alias.empty()) text += R"(,"alias":)" + quoted(driver.alias);
  text += built ? R"(,"in_build":true)" : R"(,"in_build":false)";
  if (!driver.package.empty()) {
    text += R"(,"package":)" + quoted(driver.package) + R"(,"option":)" + quoted(driver.option);
  }
  if (!built) {
    text += R"(,"capabilities":[])";
  } else {
    const auto& engine = driver.in_build();
    text += R"(,"url":)" + quoted(engine.url_form) + R"(,"capabilities":)" +
            json_array(words_of(engine.abilities)) + R"(,"description":)" +
            quoted(engine.description);
  }
  return text + "}";
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

void print_backends(std::ostream& out, report_form form, std::span<const backends::driver> known) {
  for (const auto& driver : known) {
    out << (form == report_form::json ? json_line(driver) : table_line(driver)) << '\n';
  }
}

}  // namespace keelson::config
