#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

/// The Asio types of the whole front. The executor is that of one io_context and known to the
/// compiler: every connection, and all that serves it, belongs to one IO thread.
namespace keelson::bridge {

namespace asio = boost::asio;

using executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;

template <class T = void>
using task = asio::awaitable<T, executor>;

using use_task_t = asio::use_awaitable_t<executor>;
inline constexpr use_task_t use_task{};
/// As use_task, but gives a tuple with the error code first instead of throwing it.
inline constexpr auto use_task_tuple = asio::as_tuple(use_task);

}  // namespace keelson::bridge
