#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace keelson::test {

struct raw_answer {
  unsigned status = 0;
  std::string head;
  std::string body;

  /// Empty when absent.
  [[nodiscard]] std::string header(std::string_view name) const;
};

/// One blocking connection that sends exactly what it is told to. A read that lasts longer than
/// 20 s throws.
class raw_client {
 public:
  explicit raw_client(std::uint16_t port);

  void send(std::string_view bytes);
  /// `method` HEAD has no body whatever its length says. Throws when the connection ends first.
  [[nodiscard]] raw_answer read(std::string_view method = "GET");
  /// A whole request with Host and, when there is a body, its length.
  [[nodiscard]] raw_answer ask(std::string_view method, std::string_view target,
                               std::string_view headers = {}, std::string_view body = {});
  /// Everything until the server closes.
  [[nodiscard]] std::string read_to_end();
  void finish_sending();

 private:
  void read_until(std::size_t size);
  [[nodiscard]] std::string read_line();
  [[nodiscard]] std::string read_chunks();

  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
  std::string input_;
};

/// Head and body of a request as ask() sends them.
[[nodiscard]] std::string request_text(std::string_view method, std::string_view target,
                                       std::string_view headers, std::string_view body);

}  // namespace keelson::test
