#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "config/help_texts.hpp"

namespace keelson::config {

namespace {

/// Text that troff takes as it is: no control character at a line's start, no escapes, and hyphens
/// that can be copied.
std::string plain(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_start = c == '\n';
  }
  return out;
}

std::string title_of(const CLI::Option& option) {
  std::string title = option.get_positional() ? option.get_name(true, false) : "";
  if (title.empty()) title = option.get_name(false, true);
  std::ranges::replace(title, ',', ' ');
  const auto type = option.get_type_name();
  if (!option.get_positional() && option.get_type_size() != 0 && !type.empty()) title += ' ' + type;
  return title;
}

void print_option(std::ostream& out, const CLI::Option& option) {
  out << ".TP\n.B " << plain(title_of(option)) << '\n' << plain(option.get_description());
  const auto fallback = option.get_default_str();
  if (!fallback.empty()) out << " (default: " << plain(fallback) << ')';
  out << '\n';
}

void print_command(std::ostream& out, const CLI::App& command) {
  out << ".SS keelson " << plain(command.get_name());
  for (const auto* option : command.get_options()) {
    if (!option->get_positional()) continue;
    const auto name = plain(option->get_name(true, false));
    out << (option->get_required() ? " " + name : " [" + name + "]");
  }
  out << '\n' << plain(command.get_description()) << ".\n";
  for (const auto* option : command.get_options()) {
    if (option->get_name() != "--help") print_option(out, *option);
  }
  if (!command.get_footer().empty())
    out << ".PP\n.nf\n" << plain(command.get_footer()) << "\n.fi\n";
}

}  // namespace

void print_manual(std::ostream& out, const CLI::App& app) {
  out << ".TH KEELSON 1\n.SH NAME\nkeelson \\- data service over many stores that are kept equal\n"
         ".SH SYNOPSIS\n.B keelson\n.I command\n[argument ...]\n.SH DESCRIPTION\n"
      << plain(app.get_description())
      << "\n.PP\nEach command prints its own part of this page with "
         "\\fB\\-\\-help\\fR.\n.SH COMMANDS\n";
  for (const auto* command : app.get_subcommands({})) print_command(out, *command);
  out << ".SH EXIT STATUS\n.TP\n0\ndone\n.TP\n1\nrefused, not found, or different\n.TP\n2\nthe "
         "command line or the settings cannot be used\n.TP\n3\nthe service cannot be reached\n.TP\n"
         "130, 143\nload and dump were ended by SIGINT or SIGTERM; the same command goes on\n"
         ".SH ENVIRONMENT\n.TP\n.B KEELSON_URL\naddress of the service for the client commands\n"
         ".TP\n.B KEELSON_TOKEN\ntheir bearer token, or @FILE that holds it\n.TP\n.B "
         "KEELSON_CONFIG\nfile of settings of "
         "serve and config; every setting has a variable of its own\n.TP\n.B SSL_CERT_FILE\n"
         "certificates of the authorities that https trusts\n";
}

}  // namespace keelson::config
