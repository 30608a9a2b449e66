#include "config/yaml_secondaries.hpp"

#include <array>
#include <optional>

#include <yaml-cpp/yaml.h>

#include "config/setting_kinds.hpp"
#include "config/spelling.hpp"
#include "config/units.hpp"

namespace keelson::config {

namespace {

/// One entry of the list; absent once something was reported.
class entry_reader {
 public:
  explicit entry_reader(const yaml_report& report) : report_(report) {}

  std::optional<secondary_settings> read(const YAML::Node& node) {
    if (node.IsScalar()) {
      short_form(node);
    } else if (node.IsMap()) {
      for (const auto& field : node) one(field.first, field.second);
      require(node, entry_.name.empty(), "name");
      require(node, entry_.url.empty(), "url");
      if (good_) take(check_secondary(entry_.name, entry_.url), node);
    } else {
      refuse(node, "a secondary is a map with a name and a url");
    }
    if (!good_) return std::nullopt;
    return std::move(entry_);
  }

 private:
  void refuse(const YAML::Node& at, std::string what) {
    good_ = false;
    report_(at, std::move(what));
  }

  template <class Value>
  void take(const result<Value>& outcome, const YAML::Node& at) {
    if (!outcome) refuse(at, outcome.error().detail);
  }

  void require(const YAML::Node& node, bool missing, std::string_view name) {
    if (missing && good_) refuse(node, "this secondary has no " + std::string(name));
  }

  void short_form(const YAML::Node& node) {
    settings parsed;
    const std::array<std::string, 1> item{node.Scalar()};
    take(store_secondaries(parsed, item), node);
    if (good_) entry_ = parsed.secondaries.front();
  }

  void one(const YAML::Node& key, const YAML::Node& value) {
    static const std::array<std::string, 4> names{"name", "url", "collections", "validate"};
    const auto name = key.IsScalar() ? key.Scalar() : "";
    if (name == "collections") return collections(value);
    if (name == "validate") return validate(key, value);
    if (name != "name" && name != "url") {
      return refuse(key, "a secondary has no '" + name + "'" + did_you_mean(name, names));
    }
    if (!value.IsScalar() || value.Scalar().empty()) return refuse(key, name + " is one text");
    (name == "name" ? entry_.name : entry_.url) = value.Scalar();
  }

  void collections(const YAML::Node& value) {
    if (value.IsScalar()) return pattern(value);
    if (!value.IsSequence() || value.size() == 0) {
      return refuse(value, "collections is a list of patterns; without it, all are copied");
    }
    for (const auto& item : value) pattern(item);
  }

  void pattern(const YAML::Node& node) {
    const auto& text = node.Scalar();
    const bool right =
        node.IsScalar() && !text.empty() &&
        text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-*?") == std::string::npos;
    if (!right) {
      return refuse(node, "'" + text + "' is not a pattern of collections such as cities or eu_*");
    }
    entry_.collections.push_back(text);
  }

  void validate(const YAML::Node& key, const YAML::Node& value) {
    static const std::array<std::string, 1> names{"reads"};
    if (!value.IsMap()) return refuse(key, "validate is a map, such as {reads: yes}");
    for (const auto& field : value) {
      const auto name = field.first.IsScalar() ? field.first.Scalar() : "";
      if (name != "reads" || !field.second.IsScalar()) {
        refuse(field.first, name == "reads"
                                ? "validate.reads is yes or no"
                                : "validate has no '" + name + "'" + did_you_mean(name, names));
        continue;
      }
      const auto parsed = parse_switch(field.second.Scalar());
      take(parsed, field.second);
      if (parsed) entry_.check_reads = *parsed;
    }
  }

  const yaml_report& report_;
  secondary_settings entry_;
  bool good_ = true;
};

}  // namespace

std::vector<secondary_settings> read_secondaries(const YAML::Node& list,
                                                 const yaml_report& report) {
  std::vector<secondary_settings> read;
  for (const auto& node : list) {
    if (auto entry = entry_reader(report).read(node)) read.push_back(std::move(*entry));
  }
  return read;
}

}  // namespace keelson::config
