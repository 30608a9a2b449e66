#include <algorithm>
#include <ostream>
#include <string>

#include "config/help_texts.hpp"

namespace keelson::config {

namespace {

std::string flags_of(const CLI::App& command) {
  std::string words;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) words += (words.empty() ? "--" : " --") + name;
  }
  return words;
}

/// The words that a value is one of, as its check names them: `TEXT:{off,async,wait}`.
std::string choices_of(const CLI::Option& option) {
  const auto type = option.get_type_name();
  const auto from = type.find('{');
  const auto to = type.find('}');
  if (from == type.npos || to == type.npos) return {};
  auto words = type.substr(from + 1, to - from - 1);
  std::ranges::replace(words, ',', ' ');
  return words;
}

/// Where the word before tells what comes: a flag with few values, or a command with few verbs.
void print_choices(std::ostream& out, const CLI::App& command) {
  for (const auto* option : command.get_options()) {
    const auto words = choices_of(*option);
    if (words.empty()) continue;
    const auto before =
        option->get_positional() ? command.get_name() : option->get_name(false, true);
    out << "    '" << command.get_name() << ' ' << before << "') choices=\"" << words << "\" ;;\n";
  }
}

}  // namespace

void print_bash_completion(std::ostream& out, const CLI::App& app) {
  out << "# Completion of keelson for bash: source <(keelson completion)\n"
         "_keelson() {\n"
         "  local current=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
         "  local words=\"\" choices=\"\"\n"
         "  case \"${COMP_WORDS[1]-} $before\" in\n";
  for (const auto* command : app.get_subcommands({})) print_choices(out, *command);
  out << "  esac\n"
         "  case \"${COMP_WORDS[1]-}\" in\n";
  std::string commands;
  for (const auto* command : app.get_subcommands({})) {
    out << "    " << command->get_name() << ") words=\"" << flags_of(*command) << "\" ;;\n";
    commands += command->get_name() + ' ';
  }
  // What is no flag is a collection, a key or a file: bash itself knows the files.
  out << "  esac\n"
         "  if ((COMP_CWORD == 1)); then words=\""
      << commands << flags_of(app)
      << "\"\n"
         "  elif [[ \"$current\" != -* && -n \"$choices\" ]]; then words=\"$choices\"\n"
         "  elif [[ \"$current\" != -* ]]; then return\n"
         "  fi\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "}\n"
         "complete -o default -F _keelson keelson\n";
}

}  // namespace keelson::config
