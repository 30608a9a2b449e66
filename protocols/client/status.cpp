#include <algorithm>
#include <array>
#include <ostream>

#include "protocols/client/blocking_client.hpp"
#include "protocols/client/commands.hpp"
#include "protocols/client/json_slice.hpp"

namespace keelson::client {

namespace {

using row = std::vector<std::string>;

constexpr std::size_t state_column = 1;

row cells(std::string_view object, const std::vector<std::string_view>& names) {
  row made;
  for (const auto name : names) made.push_back(member_column(object, name));
  return made;
}

/// The state of a store is painted; the head line has none.
std::string shown(palette with, const std::vector<row>& rows, const row& line, std::size_t at) {
  const bool is_state = rows.front().size() > state_column &&
                        rows.front()[state_column] == "state" && at == state_column &&
                        &line != &rows.front();
  return is_state ? painted(with, tone_of_state(line[at]), line[at]) : line[at];
}

/// Columns padded to their widest cell with two spaces between, without spaces at the line's end.
void print_table(console& io, const std::vector<row>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& line : rows) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t at = 0; at < line.size(); ++at)
      widths[at] = std::max(widths[at], line[at].size());
  }
  for (const auto& line : rows) {
    for (std::size_t at = 0; at < line.size(); ++at) {
      io.out << shown(io.out_palette, rows, line, at);
      if (at + 1 < line.size()) io.out << std::string(widths[at] - line[at].size() + 2, ' ');
    }
    io.out << '\n';
  }
}

void print_stores(console& io, std::string_view status) {
  std::vector<row> rows{{"store", "state", "position", "lag", "lag seconds", "documents", "bytes",
                         "url", "last error"}};
  const auto primary = json_member(status, "primary").value_or("{}");
  rows.push_back({"primary", member_column(primary, "state"), member_column(status, "position"),
                  "-", "-", member_column(primary, "documents"), member_column(primary, "bytes"),
                  member_column(primary, "url"), member_column(primary, "last_error")});
  for (const auto secondary : json_elements_of(status, "secondaries"))
    rows.push_back(cells(secondary, {"name", "state", "applied_position", "lag_changes",
                                     "lag_seconds", "documents", "bytes", "url", "last_error"}));
  print_table(io, rows);
}

/// An object's members a line each; what is nested stays JSON.
void print_members(console& io, std::string_view title, std::string_view status) {
  const auto object = json_member(status, title);
  if (!object || *object == "null") return;
  io.out << '\n' << title << '\n';
  std::vector<row> rows;
  for (const auto& name : json_names(*object))
    rows.push_back({"  " + name, member_column(*object, name)});
  print_table(io, rows);
}

}  // namespace

exit_status run_status(const service_options& options, console& io) {
  return ask(options, io, {.target = "/v1/status"}, [&](const http_response& answer) {
    const std::string_view status = answer.body;
    if (options.form == output_form::json) {
      io.out << status << '\n';
      return exit_status::done;
    }
    print_table(io, {{"version", member_column(status, "version")},
                     {"uptime", member_column(status, "uptime_seconds") + " s"},
                     {"log", member_column(status, "log_id")},
                     {"oldest", member_column(status, "oldest")}});
    io.out << '\n';
    print_stores(io, status);
    for (const auto* title : {"validator", "subscribers", "queues", "history_replaced"})
      print_members(io, title, status);
    return exit_status::done;
  });
}

}  // namespace keelson::client
