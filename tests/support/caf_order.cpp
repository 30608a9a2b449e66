// Linked into the tests under ThreadSanitizer alone. Debian's libcaf_core.so is not built for it,
// so the atomics by which CAF orders what threads do to an actor and to a message stay unseen, and
// everything that is sent would be reported as a race. These functions stand before the library's
// own, which they call, and say what the atomics mean: a message is ordered by its mailbox, an
// actor by its turns, and whatever is counted by its count.
#include <cstdlib>

#include <caf/actor_control_block.hpp>
#include <caf/actor_registry.hpp>
#include <caf/blocking_actor.hpp>
#include <caf/detail/message_data.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/policy/work_stealing.hpp>
#include <caf/ref_counted.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/scheduler/coordinator.hpp>
#include <caf/scheduler/worker.hpp>
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

namespace {

/// The library's own function, which gets `this` as its first parameter.
template <class Signature>
Signature* original(const char* symbol) {
  void* found = dlsym(RTLD_NEXT, symbol);
  if (found == nullptr) std::abort();  // another version of CAF: its functions have to be looked at
  return reinterpret_cast<Signature*>(found);
}

/// All before this call comes before all after a `taken` of the same object.
template <class T>
void given(const T* object) {
  __tsan_release(const_cast<void*>(static_cast<const void*>(object)));
}
template <class T>
void taken(const T* object) {
  __tsan_acquire(const_cast<void*>(static_cast<const void*>(object)));
}

const caf::memory_managed* key(const caf::mailbox_element& message) {
  return &message;
}

}  // namespace

namespace caf {

// The scheduler consists of templates, and what is compiled here stands before the library's
// copies.

template class detail::double_ended_queue<resumable>;
template class scheduler::worker<policy::work_stealing>;
template class scheduler::coordinator<policy::work_stealing>;

// Counts. These are short enough to be written anew, with atomics that are seen.

void ref_counted::deref() const noexcept {
  if (rc_.fetch_sub(1, std::memory_order_acq_rel) == 1) request_deletion(true);
}

void intrusive_ptr_release_weak(actor_control_block* block) {
  if (block->weak_refs.fetch_sub(1, std::memory_order_acq_rel) == 1) block->block_dtor(block);
}

void intrusive_ptr_release(actor_control_block* block) {
  if (block->strong_refs.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  block->data_dtor(block->get());
  intrusive_ptr_release_weak(block);
}

/// Asked before the content is moved out or written to: nobody else reads it any more.
bool detail::message_data::shared() const noexcept {
  return !unique();
}

// Messages: from the one who sends to the one who handles it, or who throws it away unhandled.

void scheduled_actor::enqueue(mailbox_element_ptr message, execution_unit* from) {
  static const auto next = original<void(scheduled_actor*, mailbox_element_ptr, execution_unit*)>(
      "_ZN3caf15scheduled_actor7enqueueESt10unique_ptrINS_15mailbox_elementENS_6detail8disposerEE"
      "PNS_14execution_unitE");
  given(key(*message));
  next(this, std::move(message), from);
}

void blocking_actor::enqueue(mailbox_element_ptr message, execution_unit* from) {
  static const auto next = original<void(blocking_actor*, mailbox_element_ptr, execution_unit*)>(
      "_ZN3caf14blocking_actor7enqueueESt10unique_ptrINS_15mailbox_elementENS_6detail8disposerEE"
      "PNS_14execution_unitE");
  given(key(*message));
  next(this, std::move(message), from);
}

intrusive::task_result blocking_actor::mailbox_visitor::operator()(mailbox_element& message) {
  static const auto next = original<intrusive::task_result(mailbox_visitor*, mailbox_element&)>(
      "_ZN3caf14blocking_actor15mailbox_visitorclERNS_15mailbox_elementE");
  taken(key(message));
  return next(this, message);
}

void memory_managed::request_deletion(bool counted) const noexcept {
  static const auto next =
      original<void(const memory_managed*, bool)>("_ZNK3caf14memory_managed16request_deletionEb");
  taken(this);
  next(this, counted);
}

// Actors: from the one who spawns to the first turn, and from each turn to the next.

void scheduled_actor::launch(execution_unit* from, bool lazy, bool hide) {
  static const auto next = original<void(scheduled_actor*, execution_unit*, bool, bool)>(
      "_ZN3caf15scheduled_actor6launchEPNS_14execution_unitEbb");
  given(this);
  next(this, from, lazy, hide);
}

bool scheduled_actor::activate(execution_unit* on) {
  static const auto next = original<bool(scheduled_actor*, execution_unit*)>(
      "_ZN3caf15scheduled_actor8activateEPNS_14execution_unitE");
  taken(this);
  const bool alive = next(this, on);
  given(this);
  return alive;
}

scheduled_actor::activation_result scheduled_actor::reactivate(mailbox_element& message) {
  static const auto next = original<activation_result(scheduled_actor*, mailbox_element&)>(
      "_ZN3caf15scheduled_actor10reactivateERNS_15mailbox_elementE");
  taken(key(message));
  const auto outcome = next(this, message);
  given(this);
  return outcome;
}

// The end of a system, which waits for the end of its actors.

void actor_registry::dec_running() {
  static const auto next =
      original<void(actor_registry*)>("_ZN3caf14actor_registry11dec_runningEv");
  given(this);
  next(this);
}

void actor_registry::await_running_count_equal(std::size_t expected) const {
  static const auto next = original<void(const actor_registry*, std::size_t)>(
      "_ZNK3caf14actor_registry25await_running_count_equalEm");
  next(this, expected);
  taken(this);
}

}  // namespace caf
