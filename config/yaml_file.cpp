#include <algorithm>
#include <set>

#include <yaml-cpp/yaml.h>

#include "config/small_file.hpp"
#include "config/sources.hpp"
#include "config/spelling.hpp"
#include "config/yaml_secondaries.hpp"

namespace keelson::config {

namespace {

std::vector<std::string> known_names() {
  std::vector<std::string> names;
  for (const setting& each : setting_table()) {
    if (each.from == reach::everywhere) names.emplace_back(each.name);
  }
  return names;
}

bool is_section(std::string_view name) {
  const std::string start = std::string(name) + ".";
  return std::ranges::any_of(setting_table(),
                             [&](const setting& each) { return each.name.starts_with(start); });
}

/// One walk through a file.
class reader {
 public:
  reader(const std::string& path, gathered& into) : path_(path), into_(into) {}

  void map(const YAML::Node& node, const std::string& prefix) {
    for (const auto& entry : node) {
      if (!entry.first.IsScalar()) {
        report(entry.first, "the name of a setting is a text");
        continue;
      }
      one(prefix + entry.first.Scalar(), entry.first, entry.second);
    }
  }

  void report(const YAML::Node& at, std::string what) {
    into_.mistakes.push_back({where(at), std::move(what)});
  }

 private:
  [[nodiscard]] std::string where(const YAML::Node& at) const {
    return path_ + ":" + std::to_string(at.Mark().line + 1);
  }

  void one(const std::string& name, const YAML::Node& key, const YAML::Node& value) {
    const setting* const which = find_setting(name);
    if (which == nullptr) {
      section(name, key, value);
    } else if (which->from == reach::command_line) {
      report(key, name + " is meant for one start: give it as " + flag_of(*which));
    } else if (!seen_.insert(which).second) {
      report(key, name + " is given twice");
    } else if (value.IsNull()) {
      report(key, name + " has no value");
    } else if (name == "auth.tokens" && value.IsSequence()) {
      tokens(*which, key, value);
    } else if (name == "secondaries" && value.IsSequence()) {
      secondaries(*which, key, value);
    } else {
      plain(*which, key, value);
    }
  }

  /// A section whose settings are all commented out is empty, which is no mistake.
  void section(const std::string& name, const YAML::Node& key, const YAML::Node& value) {
    const bool known = is_section(name);
    if (known && value.IsMap()) {
      map(value, name + ".");
    } else if (known && !value.IsNull()) {
      report(key,
             name + " is a section with settings of its own" + did_you_mean(name, known_names()));
    } else if (!known) {
      report(key, "there is no setting '" + name + "'" + did_you_mean(name, known_names()));
    }
  }

  void plain(const setting& which, const YAML::Node& key, const YAML::Node& value) {
    given found{.which = &which, .from = {source::file, where(key)}};
    if (value.IsScalar()) {
      found.items = which.form == shape::list ? words_of(value.Scalar())
                                              : std::vector<std::string>{value.Scalar()};
    } else if (which.form == shape::list && value.IsSequence()) {
      for (const auto& item : value) {
        if (!item.IsScalar()) return report(item, std::string(which.name) + " is a list of texts");
        found.items.push_back(item.Scalar());
      }
    } else {
      return report(
          value, std::string(which.name) + (which.form == shape::list ? " is a list of texts"
                                                                      : " is one text or number"));
    }
    into_.values.push_back(std::move(found));
  }

  /// `{name, scope, token}` stands for the short form.
  void tokens(const setting& which, const YAML::Node& key, const YAML::Node& value) {
    given found{.which = &which, .from = {source::file, where(key)}};
    for (const auto& item : value) {
      if (item.IsScalar()) {
        found.items.push_back(item.Scalar());
        continue;
      }
      const bool right = item.IsMap() && item.size() == 3 && item["name"].IsDefined() &&
                         item["scope"].IsDefined() && item["token"].IsDefined();
      if (!right) return report(item, "a token is a map with a name, a scope and a token");
      found.items.push_back(item["name"].as<std::string>("") + ":" +
                            item["scope"].as<std::string>("") + ":" +
                            item["token"].as<std::string>(""));
    }
    into_.values.push_back(std::move(found));
  }

  void secondaries(const setting& which, const YAML::Node& key, const YAML::Node& value) {
    auto list = read_secondaries(
        value, [this](const YAML::Node& at, std::string what) { report(at, std::move(what)); });
    into_.values.push_back(
        {.which = &which, .from = {source::file, where(key)}, .secondaries = std::move(list)});
  }

  const std::string& path_;
  gathered& into_;
  std::set<const setting*> seen_;
};

}  // namespace

void read_file(const std::string& path, gathered& into) {
  constexpr std::size_t most = std::size_t{1} << 20;
  const auto text = read_small_file(path, most);
  if (!text) {
    into.mistakes.push_back({path, "the file of settings " + text.error().detail});
    return;
  }
  try {
    const YAML::Node root = YAML::Load(*text);
    reader walk(path, into);
    if (root.IsMap()) {
      walk.map(root, "");
    } else if (!root.IsNull()) {
      walk.report(root, "a file of settings is a map of names to values");
    }
  } catch (const YAML::Exception& problem) {
    into.mistakes.push_back(
        {path + ":" + std::to_string(problem.mark.line + 1), "not YAML: " + problem.msg});
  }
}

}  // namespace keelson::config
