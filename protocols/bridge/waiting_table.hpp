#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "protocols/bridge/admission.hpp"
#include "protocols/bridge/caf_error.hpp"

namespace keelson::bridge {

/// Takes one answer, once, on the gateway's IO thread.
template <class Reply>
using completion = std::move_only_function<void(result<Reply>)>;

/// The asks of one IO thread that wait for an answer. Used on that thread only.
class waiting_table {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  struct terms {
    ask_kind kind = ask_kind::read;
    std::size_t places = 1;  ///< of the admission, given back with the answer
    time_point until;
  };

  explicit waiting_table(admission& places) noexcept : places_(places) {}
  waiting_table(const waiting_table&) = delete;
  waiting_table& operator=(const waiting_table&) = delete;

  template <class Reply>
  std::uint64_t add(completion<Reply> done, terms of) {
    waiting_.emplace(++last_, std::make_unique<entry<Reply>>(of, std::move(done)));
    return last_;
  }

  /// Nothing happens if it has been answered before.
  template <class Reply>
  void complete(std::uint64_t id, result<Reply> answer) {
    const auto found = waiting_.extract(id);
    if (found.empty()) return;
    auto& waiting = static_cast<entry<Reply>&>(*found.mapped());
    give_back(waiting);
    waiting.done(std::move(answer));
  }

  /// Answers what has waited for too long.
  void expire(time_point now) {
    std::vector<std::uint64_t> late;
    for (const auto& [id, each] : waiting_) {
      if (each->of.until <= now) late.push_back(id);
    }
    for (const std::uint64_t id : late) {
      if (const auto found = waiting_.extract(id); !found.empty())
        fail(*found.mapped(), late_answer(found.mapped()->of.kind));
    }
  }

  /// Without an answer: nobody is there any more to take one.
  void drop_all() {
    for (const auto& [id, each] : waiting_) give_back(*each);
    waiting_.clear();
  }

  void fail_all() {
    while (!waiting_.empty()) {
      const auto first = waiting_.extract(waiting_.begin());
      fail(*first.mapped(), lost_answer(first.mapped()->of.kind));
    }
  }

 private:
  struct base {
    explicit base(terms agreed) noexcept : of(agreed) {}
    virtual ~base() = default;
    virtual void fail(error why) = 0;
    const terms of;
  };
  template <class Reply>
  struct entry final : base {
    entry(terms agreed, completion<Reply> then) noexcept : base(agreed), done(std::move(then)) {}
    void fail(error why) override { done(std::unexpected(std::move(why))); }
    completion<Reply> done;
  };

  void give_back(const base& waiting) noexcept {
    for (std::size_t i = 0; i < waiting.of.places; ++i) places_.leave();
  }
  void fail(base& waiting, error why) {
    give_back(waiting);
    waiting.fail(std::move(why));
  }

  admission& places_;
  std::unordered_map<std::uint64_t, std::unique_ptr<base>> waiting_;
  std::uint64_t last_ = 0;
};

}  // namespace keelson::bridge
