#include "protocols/client/load_state.hpp"

#include <exception>
#include <fstream>
#include <functional>
#include <iterator>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <unistd.h>

#include "protocols/client/durable_file.hpp"

namespace keelson::client {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::uint64_t format = 1;

std::string to_text(const load_state& state) {
  const auto& from = state.source;
  const auto& at = state.progress;
  const json::object text{{"format", format},
                          {"load_id", state.load_id},
                          {"file", from.file},
                          {"bytes", from.bytes},
                          {"modified_ns", from.modified_ns},
                          {"collection", from.collection},
                          {"key_field", from.key_field},
                          {"url", from.url},
                          {"log_id", from.log_id},
                          {"epoch", from.epoch},
                          {"pieces", at.mark.pieces},
                          {"lines", at.mark.lines},
                          {"offset", at.mark.offset},
                          {"written", at.written},
                          {"failed", at.failed}};
  return json::serialize(text) + '\n';
}

load_state from_text(const std::string& text) {
  const auto parsed = json::parse(text);
  const auto& members = parsed.as_object();
  const auto string = [&](const char* name) {
    return json::value_to<std::string>(members.at(name));
  };
  const auto number = [&](const char* name) { return members.at(name).to_number<std::uint64_t>(); };
  if (number("format") != format) throw std::invalid_argument("format");
  load_state state;
  state.load_id = string("load_id");
  state.source = {string("file"),
                  number("bytes"),
                  members.at("modified_ns").to_number<std::int64_t>(),
                  string("collection"),
                  string("key_field"),
                  string("url"),
                  string("log_id"),
                  string("epoch")};
  state.progress = {
      {number("pieces"), number("lines"), number("offset")}, number("written"), number("failed")};
  return state;
}

}  // namespace

fs::path load_state_path(const fs::path& file) {
  const auto folder = file.parent_path().empty() ? fs::path(".") : file.parent_path();
  const auto name = file.filename().string();
  if (::access(folder.c_str(), W_OK) == 0) return folder / (name + ".keelson-load");
  const auto told_apart = std::to_string(std::hash<std::string>()(file.string()));
  return state_home() / "keelson" / (name + "-" + told_apart + ".keelson-load");
}

std::optional<load_state> read_load_state(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  try {
    return from_text(text);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

result<void> write_load_state(const fs::path& path, const load_state& state) {
  return replace_durably(path, to_text(state));
}

}  // namespace keelson::client
