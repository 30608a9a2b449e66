#include "protocols/client/ndjson_rows.hpp"

#include <charconv>
#include <utility>

#include "protocols/client/json_slice.hpp"
#include "protocols/client/line_reader.hpp"
#include "protocols/model/canonical_json.hpp"

namespace keelson::client {

namespace {

constexpr std::size_t longest_line = std::size_t{8} << 20;

/// How a number or string stands as a key; empty for anything else.
std::string key_text(std::string_view slice) {
  if (auto text = json_string(slice)) return *std::move(text);
  const bool number =
      !slice.empty() && (slice.front() == '-' || (slice.front() >= '0' && slice.front() <= '9'));
  return number ? std::string(slice) : std::string();
}

class ndjson_rows final : public backends::row_source {
 public:
  ndjson_rows(line_reader lines, const std::string& key_field) : lines_(std::move(lines)) {
    append_json_string(key_member_, key_field);
    key_member_ = key_member_.substr(1, key_member_.size() - 2);
  }

  result<std::optional<std::uint64_t>> count() override { return std::nullopt; }

  result<backends::source_page> read(std::size_t most, std::size_t most_bytes) override {
    backends::source_page page{.rows = {}, .refused = {}, .mark = mark_};
    std::size_t bytes = 0;
    while (page.rows.size() + page.refused.size() < most && bytes < most_bytes) {
      auto line = lines_.next();
      if (!line) return pass_on(std::move(line));
      if (!*line) break;
      take(page, **line);
      bytes += (*line)->text.size();
      mark_ = std::to_string((*line)->number) + ' ' + std::to_string((*line)->end);
    }
    page.mark = mark_;
    return page;
  }

 private:
  void take(backends::source_page& page, const text_line& line) const {
    const auto where = "line " + std::to_string(line.number);
    if (line.too_long) {
      page.refused.push_back({where, "is longer than 8 MiB"});
      return;
    }
    auto value = canonicalise(line.text);
    if (!value) {
      page.refused.push_back({where, value.error().detail});
      return;
    }
    auto key = key_text(json_member(*value, key_member_).value_or(""));
    if (key.empty()) {
      page.refused.push_back(
          {where, "has no member " + key_member_ + " that is a string or a number"});
      return;
    }
    page.rows.push_back({std::move(key), *std::move(value)});
  }

  line_reader lines_;
  std::string key_member_;  ///< as it stands in canonical JSON, without quotes
  std::string mark_;        ///< number and end of the last line
};

}  // namespace

result<std::unique_ptr<backends::row_source>> read_ndjson(const backends::source_request& request) {
  if (request.key_field.empty())
    return fail(errc::invalid_parameter, "name the member that is the key, as in --key id");
  const auto path = request.folder / request.url.substr(request.url.find(':') + 1);
  auto lines = line_reader::open(path.string(), longest_line);
  if (!lines) return pass_on(std::move(lines));
  if (!request.after.empty()) {
    std::uint64_t number = 0;
    std::uint64_t end = 0;
    const auto* const last = request.after.data() + request.after.size();
    const auto first = std::from_chars(request.after.data(), last, number);
    if (first.ptr != last) std::from_chars(first.ptr + 1, last, end);
    if (auto skipped = lines->skip(number, end); !skipped) return pass_on(std::move(skipped));
  }
  return std::make_unique<ndjson_rows>(std::move(*lines), request.key_field);
}

}  // namespace keelson::client
