#pragma once

#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "config/setting_table.hpp"
#include "config/units.hpp"

/// The kinds of rows of the table: each completes a row with the functions for a field. `Field` is
/// a function from settings to a reference into them.
namespace keelson::config {

/// A path, or any other text that is not empty.
[[nodiscard]] result<std::string> parse_path(std::string_view text);
/// The same, or `none`, which is the empty one.
[[nodiscard]] result<std::string> parse_file_or_none(std::string_view text);
/// [a-z][a-z0-9_-]{0,62}
[[nodiscard]] result<std::string> parse_store_name(std::string_view text);

/// A secondary's name and URL, checked. Nothing of the URL is repeated in a failure.
[[nodiscard]] result<void> check_secondary(std::string_view name, std::string_view url);

[[nodiscard]] result<void> store_primary(settings& into, std::span<const std::string> items);
[[nodiscard]] std::string show_primary(const settings& from);
[[nodiscard]] result<void> store_secondaries(settings& into, std::span<const std::string> items);
[[nodiscard]] std::string show_secondaries(const settings& from);
[[nodiscard]] result<void> store_listen(settings& into, std::span<const std::string> items);
[[nodiscard]] std::string show_listen(const settings& from);

[[nodiscard]] result<void> store_tokens(settings& into, std::span<const std::string> items);
[[nodiscard]] std::string show_tokens(const settings& from);

/// Hands a parsed value to its field.
template <auto Field, class Value>
result<void> keep(settings& into, result<Value> parsed) {
  if (!parsed) return pass_on(std::move(parsed));
  Field(into) = std::move(*parsed);
  return {};
}

template <auto Field, bounds Allowed>
constexpr setting number(setting row) {
  row.store = [](settings& into, std::span<const std::string> items) {
    return keep<Field>(into, parse_number(items.front(), Allowed));
  };
  row.show = [](const settings& from) { return std::to_string(Field(from)); };
  return row;
}

template <auto Field, bounds Allowed>
constexpr setting size(setting row) {
  row.store = [](settings& into, std::span<const std::string> items) {
    return keep<Field>(into, parse_size(items.front(), Allowed));
  };
  row.show = [](const settings& from) { return size_text(Field(from)); };
  return row;
}

template <auto Field, bounds Allowed>
constexpr setting time(setting row) {
  row.store = [](settings& into, std::span<const std::string> items) {
    return keep<Field>(into, parse_time(items.front(), Allowed));
  };
  row.show = [](const settings& from) { return time_text(Field(from)); };
  return row;
}

template <auto Field>
constexpr setting toggle(setting row) {
  row.form = shape::toggle;
  row.store = [](settings& into, std::span<const std::string> items) {
    return keep<Field>(into, parse_switch(items.front()));
  };
  row.show = [](const settings& from) { return std::string(Field(from) ? "yes" : "no"); };
  return row;
}

/// One word that `Parse` knows.
template <auto Field, auto Parse>
constexpr setting text(setting row) {
  row.store = [](settings& into, std::span<const std::string> items) {
    return keep<Field>(into, Parse(items.front()));
  };
  row.show = [](const settings& from) {
    if constexpr (std::is_enum_v<std::remove_cvref_t<decltype(Field(from))>>) {
      return std::string(to_string(Field(from)));
    } else {
      return Field(from).empty() ? std::string("none") : Field(from);
    }
  };
  return row;
}

/// Any number of words, each of which `Parse` takes.
template <auto Field, auto Parse>
constexpr setting list(setting row) {
  row.form = shape::list;
  row.store = [](settings& into, std::span<const std::string> items) -> result<void> {
    std::vector<std::string> parsed;
    for (const std::string& item : items) {
      auto one = Parse(item);
      if (!one) return pass_on(std::move(one));
      parsed.push_back(std::move(*one));
    }
    Field(into) = std::move(parsed);
    return {};
  };
  row.show = [](const settings& from) {
    std::string words;
    for (const std::string& word : Field(from)) words.append(words.empty() ? "" : " ").append(word);
    return words.empty() ? "none" : words;
  };
  return row;
}

constexpr setting at_run_time(setting row) {
  row.at_run_time = true;
  return row;
}

constexpr setting only_once(setting row) {
  row.from = reach::command_line;
  return row;
}

}  // namespace keelson::config
