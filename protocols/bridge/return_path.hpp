#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "protocols/bridge/caf_error.hpp"
#include "protocols/bridge/gateway.hpp"

namespace keelson::bridge {

/// The asks of one IO thread that wait for an answer. Used on that thread only.
class waiting_table {
 public:
  explicit waiting_table(admission& places) noexcept : places_(places) {}
  waiting_table(const waiting_table&) = delete;
  waiting_table& operator=(const waiting_table&) = delete;

  template <class Reply>
  std::uint64_t add(completion<Reply> done, ask_kind kind, std::size_t places) {
    waiting_.emplace(++last_, std::make_unique<entry<Reply>>(kind, places, std::move(done)));
    return last_;
  }

  template <class Reply>
  void complete(std::uint64_t id, result<Reply> answer) {
    const auto found = waiting_.extract(id);
    if (found.empty()) return;
    auto& waiting = static_cast<entry<Reply>&>(*found.mapped());
    for (std::size_t i = 0; i < waiting.places; ++i) places_.leave();
    waiting.done(std::move(answer));
  }

  void fail_all() {
    while (!waiting_.empty()) {
      const auto first = waiting_.extract(waiting_.begin());
      for (std::size_t i = 0; i < first.mapped()->places; ++i) places_.leave();
      first.mapped()->fail();
    }
  }

 private:
  struct base {
    base(ask_kind asked, std::size_t taken) noexcept : kind(asked), places(taken) {}
    virtual ~base() = default;
    virtual void fail() = 0;
    const ask_kind kind;
    const std::size_t places;
  };
  template <class Reply>
  struct entry final : base {
    entry(ask_kind asked, std::size_t taken, completion<Reply> then) noexcept
        : base(asked, taken), done(std::move(then)) {}
    void fail() override { done(std::unexpected(lost_answer(kind))); }
    completion<Reply> done;
  };

  admission& places_;
  std::unordered_map<std::uint64_t, std::unique_ptr<base>> waiting_;
  std::uint64_t last_ = 0;
};

/// The way back from the actors' threads to the loop; closed before either is gone.
class return_path : public std::enable_shared_from_this<return_path> {
 public:
  return_path(asio::io_context& loop, admission& places) : table_(places), loop_(&loop) {}

  [[nodiscard]] waiting_table& table() noexcept { return table_; }

  /// From any thread; the answer is dropped if the path is closed, since then all were failed.
  template <class Reply>
  void give(std::uint64_t id, result<Reply> answer) {
    const std::lock_guard lock(mutex_);
    if (loop_ == nullptr) return;
    asio::post(*loop_, [self = shared_from_this(), id, answer = std::move(answer)]() mutable {
      self->table_.complete<Reply>(id, std::move(answer));
    });
  }

  /// On the loop's thread.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      loop_ = nullptr;
    }
    table_.fail_all();
  }

 private:
  waiting_table table_;
  std::mutex mutex_;
  asio::io_context* loop_;  // guarded by mutex_
};

/// What an actor holds of one ask: answers it once, at the latest when it is destroyed.
template <class Reply>
class ticket {
 public:
  ticket(std::shared_ptr<return_path> back, std::uint64_t id, ask_kind kind) noexcept
      : back_(std::move(back)), id_(id), kind_(kind) {}
  ticket(const ticket&) = delete;
  ticket& operator=(const ticket&) = delete;
  ~ticket() {
    if (back_) answer(std::unexpected(lost_answer(kind_)));
  }

  void answer(result<Reply> with) {
    if (const auto back = std::exchange(back_, nullptr)) back->give<Reply>(id_, std::move(with));
  }
  void answer(const caf::error& problem) { answer(std::unexpected(from_caf(problem, kind_))); }

 private:
  std::shared_ptr<return_path> back_;
  std::uint64_t id_;
  ask_kind kind_;
};

}  // namespace keelson::bridge
