#include "protocols/client/import_state.hpp"

#include <exception>
#include <fstream>
#include <functional>
#include <iterator>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include "protocols/client/durable_file.hpp"

namespace keelson::client {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::uint64_t format = 1;

std::string to_text(const import_state& state) {
  const auto& [job, at] = state;
  const json::object text{{"format", format},
                          {"source", job.source},
                          {"from", job.from},
                          {"collection", job.collection},
                          {"key_field", job.key_field},
                          {"url", job.url},
                          {"log_id", job.log_id},
                          {"epoch", job.epoch},
                          {"mark", at.mark},
                          {"read", at.read},
                          {"written", at.written},
                          {"failed", at.failed},
                          {"copied", at.copied}};
  return json::serialize(text) + '\n';
}

import_state from_text(const std::string& text) {
  const auto parsed = json::parse(text);
  const auto& members = parsed.as_object();
  const auto string = [&](const char* name) {
    return json::value_to<std::string>(members.at(name));
  };
  const auto number = [&](const char* name) { return members.at(name).to_number<std::uint64_t>(); };
  if (number("format") != format) throw std::invalid_argument("format");
  return {.job = {string("source"), string("from"), string("collection"), string("key_field"),
                  string("url"), string("log_id"), string("epoch")},
          .progress = {string("mark"), number("read"), number("written"), number("failed"),
                       members.at("copied").as_bool()}};
}

}  // namespace

fs::path import_state_path(const import_job& job) {
  const auto all =
      job.source + '\n' + job.from + '\n' + job.collection + '\n' + job.key_field + '\n' + job.url;
  const auto told_apart = std::to_string(std::hash<std::string>()(all));
  return state_home() / "keelson" / (job.collection + "-" + told_apart + ".keelson-import");
}

std::optional<import_state> read_import_state(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  try {
    return from_text(text);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

result<void> write_import_state(const fs::path& path, const import_state& state) {
  return replace_durably(path, to_text(state));
}

}  // namespace keelson::client
