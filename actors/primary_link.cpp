#include "actors/primary_link.hpp"

#include <utility>

namespace keelson::actors {

void primary_link::attach(std::shared_ptr<backends::store> store) {
  const std::scoped_lock lock(changing_);
  store_ = std::move(store);
  ++attached_;
}

void primary_link::detach() {
  attach(nullptr);
}

void primary_link::release() {
  // A reader that ends just after the try below has failed looks here itself, and sees the change.
  while (session_of_ != attached_) {
    const std::unique_lock reading(reading_, std::try_to_lock);
    if (!reading) return;
    session_.reset();
    session_of_ = attached_.load();
  }
}

void primary_link::drop() {
  const std::scoped_lock reading(reading_);
  session_.reset();
}

result<backends::primary_reader*> primary_link::current_session() {
  std::shared_ptr<backends::store> store;
  {
    const std::scoped_lock lock(changing_);
    store = store_;
    if (session_of_ != attached_) session_.reset();
    session_of_ = attached_.load();
  }
  if (!store) return fail(errc::unavailable, "the primary is not open");
  if (!session_) {
    auto opened = store->open_primary_reader();
    if (!opened) return pass_on(std::move(opened));
    session_ = *std::move(opened);
  }
  return session_.get();
}

}  // namespace keelson::actors
