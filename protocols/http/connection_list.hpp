#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace keelson::http {

/// A connection as its IO thread keeps watch over it.
class watched_connection {
 public:
  virtual ~watched_connection() = default;

  static constexpr std::int64_t no_deadline = std::numeric_limits<std::int64_t>::max();

  /// The wait in hand has taken too long: end it.
  virtual void expire() = 0;
  /// Called again and again: answers that wait for others to go with them have waited enough.
  virtual void send_held() = 0;
  /// The server stops: finish, or end at once when idle.
  virtual void begin_drain() = 0;
  /// Who may do what has changed: a stream whose caller may not read any more ends.
  virtual void check_access() = 0;
  /// End whatever is in hand.
  virtual void cut() = 0;

  std::int64_t deadline = no_deadline;  ///< io_loop::now()

 private:
  friend class connection_list;
  watched_connection* previous_ = nullptr;
  watched_connection* next_ = nullptr;
};

/// The connections of one IO thread; intrusive, so that coming and going costs nothing.
class connection_list {
 public:
  void add(watched_connection& one) noexcept {
    one.next_ = first_;
    if (first_ != nullptr) first_->previous_ = &one;
    first_ = &one;
    ++size_;
  }

  void remove(watched_connection& one) noexcept {
    (one.previous_ != nullptr ? one.previous_->next_ : first_) = one.next_;
    if (one.next_ != nullptr) one.next_->previous_ = one.previous_;
    --size_;
  }

  /// `visit` must not destroy connections at once; cancelled waits end in a later turn.
  template <class Visit>
  void for_each(Visit visit) {
    for (watched_connection* each = first_; each != nullptr;) {
      watched_connection* const next = each->next_;
      visit(*each);
      each = next;
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  watched_connection* first_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace keelson::http
