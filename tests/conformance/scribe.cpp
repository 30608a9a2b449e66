#include "tests/conformance/scribe.hpp"

#include <utility>

namespace keelson::conformance {

scribe::scribe(const backends::store_location& location) : log_(detached_history()) {
  const auto* const engine = must(backends::engine_for(location.url));
  const bool primary = engine->abilities.primary;
  store_ = must(engine->open(location, primary ? primary_owner() : secondary_owner(),
                             backends::foreign_policy::refuse, first_epoch));
  if (primary) {
    primary_ = must(store_->open_primary());
    log_ = history(must(primary_->meta()));
  } else {
    secondary_ = must(store_->open_secondary());
  }
}

void scribe::sync() {
  if (secondary_) must(secondary_->sync());
}

void scribe::commit(const std::vector<commit_plan>& commits) {
  const auto planned = log_.plan(commits);
  must(write(planned));
  log_.accept(planned);
}

result<void> scribe::write(const group& planned) {
  if (primary_) return commit_group(*primary_, planned);
  const auto next = applied(planned.next);
  auto done = apply_group(*secondary_, stands_, next, planned);
  if (done) stands_ = next;
  return done;
}

void scribe::check_point() {
  if (primary_) {
    CHECK(must(primary_->meta()) == log_.meta());
  } else {
    CHECK(must(secondary_->state()).point == stands_);
  }
}

std::unique_ptr<backends::store_reader> scribe::reader() const {
  return must(store_->open_reader());
}

std::unique_ptr<backends::primary_reader> scribe::log_reader() const {
  return primary_ ? must(store_->open_primary_reader()) : nullptr;
}

void scribe::close_session() {
  primary_.reset();
  secondary_.reset();
}

}  // namespace keelson::conformance
