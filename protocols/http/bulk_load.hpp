#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "protocols/bridge/gateway.hpp"
#include "protocols/http/handler.hpp"
#include "protocols/wire/bulk_line.hpp"

namespace keelson::http {

/// The lines of one load that are at the writer, and what became of the others. Shared with the
/// answers that are still to come when the client is gone.
struct bulk_window {
  std::size_t in_flight = 0;
  wire::bulk_result result;
  std::move_only_function<void()> waiting;

  /// Returns after the next answer.
  [[nodiscard]] task<> changed();
  void fail(std::uint64_t line, const error& why);
  void take(std::uint64_t line, const keelson::result<messages::write_receipt>& answer);
  [[nodiscard]] static bridge::completion<messages::write_receipt> answer_of(
      const std::shared_ptr<bulk_window>& window, std::uint64_t line);
};

/// A streamed load: each line is a commit of its own, in the order of the lines; only so many are
/// in flight, and the client's socket is not read meanwhile.
class bulk_load {
 public:
  bulk_load(exchange& with, wire::bulk_form form);

  /// Until the body has ended and every line is answered; fails when the body does.
  [[nodiscard]] task<result<void>> run();
  [[nodiscard]] wire::bulk_result take_result();

 private:
  task<> take_line(std::string_view line);
  /// False at the line's deadline.
  task<bool> wait_for_room();
  [[nodiscard]] std::size_t longest_line() const;

  exchange& with_;
  const wire::bulk_form form_;
  const std::shared_ptr<bulk_window> window_;
  std::uint64_t lines_ = 0;
};

}  // namespace keelson::http
