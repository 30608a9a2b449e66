#pragma once

#include <utility>

#include "protocols/bridge/gateway.hpp"

namespace keelson::bridge {

/// What a handler of Asio's makes of `void(Answer)`, as something that can be kept.
template <class Answer>
using resumption = std::move_only_function<void(Answer)>;

/// Suspends the caller until `start` has completed what it was given. An ordinary function: GCC 12
/// destroys lambdas with captures twice when they are made inside a co_await expression.
template <class Answer, class Start>
task<Answer> suspend_for(Start start) {
  auto initiation = [start = std::move(start)](auto handler) mutable {
    start(resumption<Answer>(std::move(handler)));
  };
  return asio::async_initiate<const use_task_t, void(Answer)>(std::move(initiation), use_task);
}

template <class Reply, class Start>
task<result<Reply>> suspend(Start start) {
  return suspend_for<result<Reply>>(std::move(start));
}

}  // namespace keelson::bridge
