#include "tests/unit/http/raw_client.hpp"

#include <algorithm>
#include <stdexcept>

#include <boost/asio/write.hpp>
#include <sys/socket.h>
#include <sys/time.h>

namespace keelson::test {

namespace asio = boost::asio;

std::string raw_answer::header(std::string_view name) const {
  const std::string wanted = "\r\n" + std::string(name) + ": ";
  const std::size_t at = head.find(wanted);
  if (at == head.npos) return {};
  const std::size_t begin = at + wanted.size();
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

raw_client::raw_client(std::uint16_t port) : socket_(context_) {
  socket_.connect({asio::ip::make_address("127.0.0.1"), port});
  socket_.set_option(asio::ip::tcp::no_delay(true));
  const timeval patience{20, 0};
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

void raw_client::send(std::string_view bytes) {
  asio::write(socket_, asio::buffer(bytes.data(), bytes.size()));
}

std::string request_text(std::string_view method, std::string_view target, std::string_view headers,
                         std::string_view body) {
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n").append(headers);
  if (!body.empty()) text.append("Content-Length: " + std::to_string(body.size()) + "\r\n");
  text.append("\r\n").append(body);
  return text;
}

raw_answer raw_client::ask(std::string_view method, std::string_view target,
                           std::string_view headers, std::string_view body) {
  send(request_text(method, target, headers, body));
  return read(method);
}

void raw_client::read_until(std::size_t size) {
  while (input_.size() < size) {
    char bytes[65536];
    const ssize_t count = ::recv(socket_.native_handle(), bytes, sizeof bytes, 0);
    if (count <= 0) throw std::runtime_error(count == 0 ? "connection closed" : "nothing came");
    input_.append(bytes, static_cast<std::size_t>(count));
  }
}

std::string raw_client::read_line() {
  std::size_t end = input_.find("\r\n");
  while (end == input_.npos) {
    read_until(input_.size() + 1);
    end = input_.find("\r\n");
  }
  std::string line = input_.substr(0, end);
  input_.erase(0, end + 2);
  return line;
}

std::string raw_client::read_chunks() {
  std::string body;
  while (true) {
    const std::size_t size = std::stoul(read_line(), nullptr, 16);
    read_until(size + 2);
    body.append(input_, 0, size);
    input_.erase(0, size + 2);
    if (size == 0) return body;
  }
}

raw_answer raw_client::read(std::string_view method) {
  raw_answer answer;
  const std::string status = read_line();
  if (!status.starts_with("HTTP/1.1 ")) throw std::runtime_error("no status line: " + status);
  answer.status = static_cast<unsigned>(std::stoul(status.substr(9, 3)));
  answer.head = status + "\r\n";
  for (std::string line = read_line(); !line.empty(); line = read_line())
    answer.head += line + "\r\n";
  const bool bodiless = method == "HEAD" || answer.status == 304 || answer.status < 200;
  if (bodiless) return answer;
  if (answer.header("Transfer-Encoding") == "chunked") {
    answer.body = read_chunks();
  } else if (const std::string length = answer.header("Content-Length"); !length.empty()) {
    const std::size_t size = std::stoul(length);
    read_until(size);
    answer.body = input_.substr(0, size);
    input_.erase(0, size);
  }
  return answer;
}

std::string raw_client::read_to_end() {
  std::string all = std::exchange(input_, {});
  try {
    while (true) {
      read_until(1);
      all += std::exchange(input_, {});
    }
  } catch (const std::runtime_error& ended) {
    if (std::string_view(ended.what()) != "connection closed") throw;
  }
  return all;
}

void raw_client::finish_sending() {
  socket_.shutdown(asio::socket_base::shutdown_send);
}

}  // namespace keelson::test
