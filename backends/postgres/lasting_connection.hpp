#pragma once

#include <optional>

#include "backends/postgres/connection.hpp"

namespace keelson::backends::postgres {

/// A connection for reading that comes back when it is lost, as long as it leads to the same life
/// of the same server: after a restart or a fail-over it is for the writer to see first what became
/// of the log.
class lasting_connection {
 public:
  /// `started` as in server_facts.
  [[nodiscard]] static result<lasting_connection> open(std::shared_ptr<const server> where,
                                                       std::int64_t started);

  /// As connection::run. Done once more if the connection turns out to be gone.
  [[nodiscard]] result<answer> run(const statement& what, parameters& with, std::string_view doing);

 private:
  lasting_connection(std::shared_ptr<const server> where, std::int64_t started)
      : where_(std::move(where)), started_(started) {}
  [[nodiscard]] result<void> connect();

  std::shared_ptr<const server> where_;
  std::int64_t started_;
  std::optional<connection> connection_;
};

}  // namespace keelson::backends::postgres
