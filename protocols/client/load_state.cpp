#include "protocols/client/load_state.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <functional>
#include <iterator>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <fcntl.h>
#include <unistd.h>

namespace keelson::client {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::uint64_t format = 1;

fs::path state_home() {
  if (const char* const set = std::getenv("XDG_STATE_HOME"); set != nullptr && *set != '\0')
    return set;
  const char* const home = std::getenv("HOME");
  return fs::path(home != nullptr ? home : "/tmp") / ".local" / "state";
}

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

result<void> write_durably(const fs::path& path, const std::string& text) {
  const auto refuse = [&] {
    return fail(errc::store_io, "cannot write " + path.string() + ": " + std::strerror(errno));
  };
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return refuse();
  const auto sent = ::write(file, text.data(), text.size());
  const bool complete = sent == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  auto outcome = complete ? result<void>() : result<void>(refuse());
  if (::close(file) != 0 && outcome) outcome = refuse();
  return outcome;
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
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  auto fresh = path;
  fresh += ".new";
  if (auto written = write_durably(fresh, to_text(state)); !written) return written;
  fs::rename(fresh, path, failed);
  if (failed)
    return fail(errc::store_io, "cannot write " + path.string() + ": " + failed.message());
  return {};
}

}  // namespace keelson::client
