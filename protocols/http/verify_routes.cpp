#include "protocols/http/handlers.hpp"
#include "protocols/http/request_options.hpp"
#include "protocols/http/service_info.hpp"
#include "protocols/wire/duration.hpp"
#include "protocols/wire/json_text.hpp"
#include "protocols/wire/verify.hpp"

namespace keelson::http {

namespace {

constexpr std::size_t longest_body = std::size_t{64} << 10;
constexpr std::uint32_t differences_a_page = 1000;

}  // namespace

task<result<response>> post_verify(exchange& with) {
  if (auto checked = check_json(with); !checked) co_return pass_on(std::move(checked));
  auto body = co_await with.read_body(longest_body);
  if (!body) co_return pass_on(std::move(body));
  auto request = wire::parse_verify(*body);
  if (!request) co_return pass_on(std::move(request));
  const auto store = with.gate().find_store(request->secondary);
  if (!store || (!request->secondary.empty() && *store == bridge::store_slot::primary))
    co_return fail(errc::invalid_parameter, "there is no secondary of that name");
  if (!request->collection.empty()) {
    if (auto name = collection_name::parse(request->collection); !name)
      co_return pass_on(std::move(name));
  }
  auto asking = with.gate().ask_verify(*std::move(request), with.timeout());
  result<std::string> id = co_await std::move(asking);
  if (!id) co_return pass_on(std::move(id));
  wire::json_object text;
  text.text("id", *id);
  response out = response::json(202, std::move(text).finish());
  out.add_header("Location", "/v1/verify/" + *id);
  co_return out;
}

task<result<response>> get_verify(exchange& with) {
  auto asking = with.gate().ask_report(std::string(with.path_parameter(0)), with.timeout());
  result<messages::verify_report> report = co_await std::move(asking);
  if (!report) co_return pass_on(std::move(report));
  co_return response::json(200, wire::verify_report_text(*report));
}

task<result<response>> delete_verify(exchange& with) {
  auto asking = with.gate().ask_cancel(std::string(with.path_parameter(0)), with.timeout());
  result<messages::verify_report> report = co_await std::move(asking);
  if (!report) co_return pass_on(std::move(report));
  co_return response::json(200, wire::verify_report_text(*report));
}

task<result<response>> get_differences(exchange& with) {
  messages::differences_request request{.pass = std::string(with.path_parameter(0)),
                                        .limit = differences_a_page};
  if (const std::string* const text = with.query().find("after")) {
    const auto after = wire::parse_count("after", *text, 0, std::uint64_t{1} << 62);
    if (!after) co_return std::unexpected(after.error());
    request.after = *after;
  }
  const std::uint64_t after = request.after;
  auto asking = with.gate().ask_differences(std::move(request), with.timeout());
  result<messages::differences_page> page = co_await std::move(asking);
  if (!page) co_return pass_on(std::move(page));
  co_return response::json(200, wire::differences_text(*page, after));
}

}  // namespace keelson::http
