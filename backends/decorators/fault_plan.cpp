#include "backends/decorators/fault_plan.hpp"

#include <string_view>
#include <utility>

namespace keelson::backends {

namespace {

error injected(errc code) {
  return {.code = code, .detail = "a fault was injected: " + std::string(to_string(code))};
}

}  // namespace

void fault_plan::fail_next(call_kind kind, std::size_t calls, errc code, fault_moment moment) {
  const std::lock_guard lock(mutex_);
  if (calls > 0) of(kind).queued.push_back({calls, code, moment});
}

void fault_plan::fail_randomly(call_kind kind, double probability, errc code, fault_moment moment) {
  const std::lock_guard lock(mutex_);
  of(kind).random = {probability, {1, code, moment}};
}

void fault_plan::go_down() {
  const std::lock_guard lock(mutex_);
  down_ = true;
}

void fault_plan::come_up() {
  const std::lock_guard lock(mutex_);
  down_ = false;
}

void fault_plan::hang(call_kind kind) {
  const std::lock_guard lock(mutex_);
  of(kind).hangs = true;
}

void fault_plan::release() {
  const std::lock_guard lock(mutex_);
  for (auto& kind : kinds_) kind.hangs = false;
  changed_.notify_all();
}

void fault_plan::wait_until_hanging(std::size_t calls) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return hanging_ >= calls; });
}

void fault_plan::lose(const document_id& id) {
  const std::lock_guard lock(mutex_);
  damaged_[id] = std::nullopt;
}

void fault_plan::alter(const document_id& id, std::string value) {
  const std::lock_guard lock(mutex_);
  damaged_[id] = std::move(value);
}

void fault_plan::corrupt_randomly(double probability) {
  const std::lock_guard lock(mutex_);
  corruption_ = probability;
}

void fault_plan::call_off() {
  const std::lock_guard lock(mutex_);
  for (auto& kind : kinds_) kind = {.begun = kind.begun};
  down_ = false;
  corruption_ = 0;
  damaged_.clear();
  changed_.notify_all();
}

std::uint64_t fault_plan::calls(call_kind kind) const {
  const std::lock_guard lock(mutex_);
  return kinds_[static_cast<std::size_t>(kind)].begun;
}

bool fault_plan::happens(double probability) {
  // No draw without need: a plan without chance does not depend on the order of threads.
  return probability > 0 && std::bernoulli_distribution(probability)(random_);
}

fault_plan::decision fault_plan::begin(call_kind kind) {
  std::unique_lock lock(mutex_);
  auto& state = of(kind);
  ++state.begun;
  if (state.hangs) {
    ++hanging_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !state.hangs; });
    --hanging_;
  }
  if (down_) return {.before = injected(errc::store_io)};
  std::optional<fault> hit;
  if (!state.queued.empty()) {
    hit = state.queued.front();
    if (--state.queued.front().calls == 0) state.queued.erase(state.queued.begin());
  } else if (happens(state.random.probability)) {
    hit = state.random.then;
  }
  if (!hit) return {};
  if (hit->moment == fault_moment::before) return {.before = injected(hit->code)};
  return {.after = injected(hit->code)};
}

fault_plan::fate fault_plan::pass(document& seen) {
  if (const auto found = damaged_.find(seen.id); found != damaged_.end()) {
    if (!found->second) return fate::lost;
    if (!seen.value.empty()) seen.value = *found->second;  // empty: read without its value
  }
  if (!happens(corruption_)) return fate::kept;
  const auto drawn = random_();
  if (drawn % 2 == 0 || seen.value.empty()) return fate::lost;
  auto& byte = seen.value[(drawn / 16) % seen.value.size()];
  byte = static_cast<char>(byte ^ (1 << (drawn / 2 % 8)));
  return fate::kept;
}

void fault_plan::damage(std::vector<std::optional<document>>& documents) {
  const std::lock_guard lock(mutex_);
  for (auto& document : documents) {
    if (document && pass(*document) == fate::lost) document.reset();
  }
}

void fault_plan::damage(std::vector<document>& documents) {
  const std::lock_guard lock(mutex_);
  std::erase_if(documents, [&](document& each) { return pass(each) == fate::lost; });
}

}  // namespace keelson::backends
