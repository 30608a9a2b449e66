#include "backends/postgres/lasting_connection.hpp"

#include <utility>

namespace keelson::backends::postgres {

result<lasting_connection> lasting_connection::open(std::shared_ptr<const server> where,
                                                    std::int64_t started) {
  lasting_connection opened(std::move(where), started);
  if (auto done = opened.connect(); !done) return pass_on(std::move(done));
  return opened;
}

result<void> lasting_connection::connect() {
  auto next = connection::open(where_, server::commits::durable);
  if (!next) return pass_on(std::move(next));
  if (next->facts().started != started_) {
    return fail(errc::store_io, "PostgreSQL was started anew, or another server answers");
  }
  connection_ = *std::move(next);
  return {};
}

result<answer> lasting_connection::run(const statement& what, parameters& with,
                                       std::string_view doing) {
  const bool fresh = !connection_->alive();
  if (fresh) {
    if (auto done = connect(); !done) return pass_on(std::move(done));
  }
  auto said = connection_->run(what, with, doing);
  if (said || fresh || connection_->alive() || connection_->timed_out()) return said;
  if (auto done = connect(); !done) return pass_on(std::move(done));
  return connection_->run(what, with, doing);
}

}  // namespace keelson::backends::postgres
