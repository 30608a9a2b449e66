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

}  // namespace

void print_bash_completion(std::ostream& out, const CLI::App& app) {
  out << "# Completion of keelson for bash: source <(keelson completion)\n"
         "_keelson() {\n"
         "  local current=\"${COMP_WORDS[COMP_CWORD]}\" words=\"\"\n"
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
         "  elif [[ \"$current\" != -* ]]; then return\n"
         "  fi\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "}\n"
         "complete -o default -F _keelson keelson\n";
}

}  // namespace keelson::config
