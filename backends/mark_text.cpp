#include "backends/mark_text.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include <boost/json/parse.hpp>

#include "backends/whole_file.hpp"
#include "protocols/model/json_escape.hpp"

namespace keelson::backends {

namespace {

namespace json = boost::json;

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  append_escaped(out, text);
  return out += '"';
}

/// Empty where there is no such text.
std::string text_member(const json::object& from, std::string_view name) {
  const auto* const found = from.if_contains(name);
  if (found == nullptr || !found->is_string()) return {};
  return std::string(found->get_string());
}

std::optional<mark_text> parse(std::string_view text) {
  json::error_code failure;
  const auto parsed = json::parse(text, failure);
  if (failure || !parsed.is_object()) return std::nullopt;
  const auto& members = parsed.get_object();
  const auto* const format = members.if_contains("format");
  const auto role = text_member(members, "role");
  mark_text mark{.owner = {.log_id = text_member(members, "log_id"),
                           .role = role == "primary" ? store_role::primary : store_role::secondary,
                           .name = text_member(members, "name")}};
  if (format == nullptr || mark.owner.log_id.empty() || mark.owner.name.empty()) return {};
  if (role != "primary" && role != "secondary") return {};
  mark.format = format->to_number<std::uint32_t>(failure);
  if (failure) return std::nullopt;
  return mark;
}

}  // namespace

std::string mark_text::text() const {
  const bool primary = owner.role == store_role::primary;
  return R"({"format":)" + std::to_string(format) + R"(,"log_id":)" + in_quotes(owner.log_id) +
         R"(,"role":)" + (primary ? R"("primary")" : R"("secondary")") + R"(,"name":)" +
         in_quotes(owner.name) + "}\n";
}

result<std::optional<mark_text>> mark_text::read(const std::filesystem::path& file) {
  std::error_code failure;
  const bool there = std::filesystem::exists(file, failure);
  if (!there && !failure) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (failure || !in.is_open() || in.bad()) {
    return fail(errc::store_io, "cannot read " + file.string());
  }
  auto mark = parse(bytes);
  if (!mark) return fail(errc::store_foreign, file.string() + " is no mark of ours");
  return mark;
}

result<void> mark_text::write(const std::filesystem::path& file) const {
  auto out = whole_file::begin(file);
  if (!out) return pass_on(std::move(out));
  if (auto written = out->write(text()); !written) return written;
  return out->finish();
}

}  // namespace keelson::backends
