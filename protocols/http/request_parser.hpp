#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/beast/http/basic_parser.hpp>

#include "protocols/http/request_head.hpp"
#include "protocols/model/error.hpp"

namespace keelson::http {

/// Parses one request without a copy of its head: the head is handed over whole, in one piece that
/// stays where it is, and the fields of request_head are views into it. The grammar is Beast's.
class request_parser final : boost::beast::http::basic_parser<true> {
 public:
  request_parser();

  /// `text` is a whole head, up to and with its empty line.
  [[nodiscard]] result<void> parse_head(std::string_view text, request_head& into);

  /// Parses what there is of the body and appends it to `into`; how many bytes were used. The rest
  /// is to be handed over again with more behind it, unless the body is done.
  [[nodiscard]] result<std::size_t> parse_body(std::string_view bytes, std::string& into);

  [[nodiscard]] bool done() const noexcept { return is_done(); }
  [[nodiscard]] bool keeps_alive() const { return keep_alive(); }
  /// Bytes of the body that have not come yet, if the client said so.
  [[nodiscard]] std::optional<std::uint64_t> remaining() const;

 private:
  using verb = boost::beast::http::verb;
  using field = boost::beast::http::field;
  using string_view = boost::beast::string_view;
  using error_code = boost::beast::error_code;

  void on_request_impl(verb method, string_view name, string_view target, int version,
                       error_code& ec) override;
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(field name, string_view text, string_view value, error_code& ec) override;
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
  std::size_t on_body_impl(string_view bytes, error_code&) override;
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code&) override;
  void on_finish_impl(error_code&) override {}

  std::string_view text_;
  request_head* head_ = nullptr;
  std::string* body_ = nullptr;
  error refusal_;
};

}  // namespace keelson::http
