#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keelson::client {

/// What to follow. Positions are opaque.
struct subscription {
  std::vector<std::string> collections;  ///< empty: all
  std::string prefix;
  std::string since;      ///< empty: now
  bool snapshot = false;  ///< without `since`
};

/// Something for the person or script that watches.
struct watch_event {
  enum class kind : std::uint8_t {
    change,
    document,        ///< of a snapshot
    snapshot_begin,  ///< forget the documents so far, if there were any
    live,            ///< what was shown is the state as of `text`, a position
  };
  kind what = kind::change;
  std::string text;  ///< change, document: the JSON object as the service wrote it
};

/// The client's half of the feed over WebSocket, without the socket: takes the service's frames,
/// gives out whole commits, and knows from where to go on after a break.
class change_reader {
 public:
  enum class step : std::uint8_t {
    go_on,
    finished,   ///< the wanted number of changes has come
    reconnect,  ///< the service ended the subscription in a way that one resumes from
    refused,    ///< it will not serve this: see reason()
  };

  /// `count`: how many changes to give out; none: no end.
  change_reader(subscription wanted, std::optional<std::uint64_t> count);

  /// The frame that subscribes on a new connection. Forgets the part of a commit that came last
  /// on the old one: the service sends that commit again, whole.
  [[nodiscard]] std::string subscribe_frame();

  /// Appends to `events` what the frame makes ready to be shown.
  [[nodiscard]] step on_frame(std::string_view frame, std::vector<watch_event>& events);

  /// Everything up to here was given out. Empty before the service told a position, and while a
  /// snapshot is not complete.
  [[nodiscard]] const std::string& position() const noexcept { return position_; }

  /// Why the subscription ended: code, and detail if there was one.
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

  /// The service has accepted the subscription, on this connection or an earlier one.
  [[nodiscard]] bool was_subscribed() const noexcept { return was_subscribed_; }

 private:
  step on_changes(std::string_view frame, std::vector<watch_event>& events);
  step on_end(std::string_view frame);
  void move_to(std::string position);

  subscription wanted_;
  std::optional<std::uint64_t> left_;
  std::vector<std::string> held_;  ///< changes of a commit whose end has not come
  std::string position_;
  std::string reason_;
  bool in_snapshot_;
  bool was_subscribed_ = false;
};

}  // namespace keelson::client
