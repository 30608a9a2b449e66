#include "backends/redis/redis_rows.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "backends/redis/address.hpp"
#include "backends/redis/connection.hpp"
#include "protocols/model/canonical_json.hpp"

namespace keelson::backends::redis {

namespace {

constexpr std::size_t keys_a_scan = 500;

/// What INFO says of that name.
std::string fact(std::string_view info, std::string_view name) {
  const auto at = info.find(std::string("\n").append(name).append(":"));
  if (at == std::string_view::npos) return {};
  info.remove_prefix(at + name.size() + 2);
  return std::string(info.substr(0, info.find_first_of("\r\n")));
}

/// False for what is not UTF-8.
bool append_text(std::string& out, const reply& item) {
  if (!is_clean_utf8(item.text)) return false;
  append_json_string(out, item.text);
  return true;
}

std::optional<std::string> list_of(const std::vector<reply>& items) {
  std::string out = "[";
  for (const auto& each : items) {
    if (out.size() > 1) out += ',';
    if (!append_text(out, each)) return std::nullopt;
  }
  return out + ']';
}

std::optional<std::string> object_of(const std::vector<reply>& items, bool scores) {
  std::string out = "{";
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    if (i > 0) out += ',';
    if (!append_text(out, items[i])) return std::nullopt;
    out += ':';
    if (scores && canonicalise(items[i + 1].text)) {
      out += items[i + 1].text;
    } else if (!append_text(out, items[i + 1])) {
      return std::nullopt;
    }
  }
  return out + '}';
}

/// The value of a key of that type; absent for one that JSON cannot hold.
std::optional<std::string> value_of(std::string_view type, reply& got) {
  if (type == "hash") return object_of(got.items, false);
  if (type == "zset") return object_of(got.items, true);
  if (type == "set") std::ranges::sort(got.items, {}, &reply::text);
  if (type == "set" || type == "list") return list_of(got.items);
  if (canonicalise(got.text)) return std::move(got.text);
  std::string text;
  return append_text(text, got) ? std::optional(std::move(text)) : std::nullopt;
}

void ask_for(command_buffer& commands, std::string_view type, const std::string& key) {
  if (type == "hash") {
    commands.add("HGETALL", key);
  } else if (type == "zset") {
    commands.add("ZRANGE", key, 0, -1, "WITHSCORES");
  } else if (type == "set") {
    commands.add("SMEMBERS", key);
  } else if (type == "list") {
    commands.add("LRANGE", key, 0, -1);
  } else {
    commands.add("GET", key);
  }
}

class redis_rows final : public row_source {
 public:
  redis_rows(connection server, const source_request& request)
      : server_(std::move(server)), pattern_(request.from) {
    const auto first = pattern_.find_first_of("*?[\\");
    if (first + 1 == pattern_.size() && pattern_.back() == '*') fixed_ = first;
  }

  /// A cursor is good for the server process that gave it, and for no other.
  result<void> begin(const std::string& after) {
    auto info = server_.ask("INFO", "server");
    if (!info) return pass_on(std::move(info));
    run_ = fact(info->text, "run_id");
    const auto gap = after.find(' ');
    if (gap != std::string::npos && after.substr(0, gap) == run_) cursor_ = after.substr(gap + 1);
    return {};
  }

  result<std::optional<std::uint64_t>> count() override {
    if (pattern_ != "*") return std::nullopt;
    auto all = server_.ask("DBSIZE");
    if (!all) return pass_on(std::move(all));
    return all->count();
  }

  result<source_page> read(std::size_t, std::size_t) override {
    source_page page{.rows = {}, .refused = {}, .mark = mark()};
    while (page.empty() && !at_end_) {
      auto found = server_.ask("SCAN", cursor_, "MATCH", pattern_, "COUNT", keys_a_scan);
      if (!found) return pass_on(std::move(found));
      if (found->items.size() != 2) {
        return fail(errc::store_io, "Redis does not answer SCAN as it should");
      }
      if (auto taken = take(page, found->items[1].items); !taken) return pass_on(std::move(taken));
      cursor_ = found->items[0].text;
      at_end_ = cursor_ == "0";
    }
    page.mark = mark();
    return page;
  }

 private:
  [[nodiscard]] std::string mark() const { return run_ + ' ' + cursor_; }

  result<void> take(source_page& page, const std::vector<reply>& keys) {
    command_buffer commands;
    for (const auto& key : keys) commands.add("TYPE", key.text);
    auto types = server_.exchange(commands);
    if (!types) return pass_on(std::move(types));
    commands.clear();
    for (std::size_t i = 0; i < keys.size(); ++i) {
      ask_for(commands, (*types)[i].text, keys[i].text);
    }
    auto values = server_.exchange(commands);
    if (!values) return pass_on(std::move(values));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      auto& got = (*values)[i];
      const auto& type = (*types)[i].text;
      if (type == "none" || got.what == reply::kind::nil) continue;  // gone meanwhile
      auto value = got.failed() ? std::nullopt : value_of(type, got);
      if (value) {
        page.rows.push_back({keys[i].text.substr(fixed_), *std::move(value)});
      } else {
        page.refused.push_back(
            {keys[i].text, "a " + type + " whose text is not UTF-8, or that has no form in JSON"});
      }
    }
    return {};
  }

  connection server_;
  std::string pattern_;
  std::size_t fixed_ = 0;  ///< bytes of a key before what stands for the star
  std::string run_;        ///< of the server process
  std::string cursor_ = "0";
  bool at_end_ = false;
};

}  // namespace

result<std::unique_ptr<row_source>> read_rows(const source_request& request) {
  auto address = parse_address({.url = request.url, .folder = request.folder});
  if (!address) return pass_on(std::move(address));
  if (request.from.empty())
    return fail(errc::invalid_parameter, "name a pattern of keys, as in --from 'city:*'");
  if (!request.key_field.empty()) {
    return fail(errc::invalid_parameter,
                "what Redis holds under a key becomes the document of that key: leave --key away");
  }
  auto server = connection::open(*address);
  if (!server) return pass_on(std::move(server));
  auto rows = std::make_unique<redis_rows>(std::move(*server), request);
  if (auto begun = rows->begin(request.after); !begun) return pass_on(std::move(begun));
  return rows;
}

}  // namespace keelson::backends::redis
