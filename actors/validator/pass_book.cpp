#include "actors/validator/pass_book.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace keelson::validator {

using messages::pass_state;

namespace {

constexpr std::size_t reported_differences = 1000;

}  // namespace

pass::pass(std::string id, const messages::verify_request& asked, const validator_options& options)
    : id_(std::move(id)),
      collection_(asked.collection),
      most_differences_(options.pass_differences) {
  for (const auto& secondary : options.secondaries) {
    if (asked.secondary.empty() || asked.secondary == secondary.name) {
      parts_.emplace_back(secondary, asked.collection, options);
    }
  }
}

bool pass::running() const noexcept {
  return std::ranges::any_of(parts_, &pass_part::running);
}

bool pass::running_on(const std::string& secondary) const noexcept {
  return std::ranges::any_of(parts_, [&secondary](const pass_part& part) {
    return part.running() && part.name() == secondary;
  });
}

pass_state pass::state() const {
  if (running()) return pass_state::running;
  const auto states = [](const pass_part& part) { return part.report().state; };
  return states(*std::ranges::max_element(parts_, {}, states));
}

double pass::progress() const noexcept {
  const auto sum = std::accumulate(
      parts_.begin(), parts_.end(), 0.0,
      [](double before, const pass_part& part) { return before + part.progress(); });
  return sum / static_cast<double>(parts_.size());
}

messages::verify_report pass::report() const {
  messages::verify_report out{.id = id_, .state = state(), .progress = progress()};
  std::ranges::transform(parts_, std::back_inserter(out.secondaries), &pass_part::report);
  out.differences = differences(0, reported_differences).differences;
  return out;
}

messages::differences_page pass::differences(std::uint64_t after, std::uint32_t limit) const {
  const auto begin = std::min<std::uint64_t>(after, differences_.size());
  const auto end = std::min<std::uint64_t>(begin + limit, differences_.size());
  const auto at = [this](std::uint64_t i) {
    return differences_.begin() + static_cast<std::ptrdiff_t>(i);
  };
  return {.differences = {at(begin), at(end)},
          .at_end = static_cast<std::uint8_t>(end == differences_.size() ? 1 : 0)};
}

void pass::found(messages::open_difference difference) {
  if (differences_.size() < most_differences_) differences_.push_back(std::move(difference));
}

void pass::stop() {
  std::ranges::for_each(parts_, &pass_part::stop);
}

result<std::shared_ptr<pass>> pass_book::begin(const messages::verify_request& asked,
                                               timestamp now) {
  if (!asked.collection.empty()) {
    if (auto name = collection_name::parse(asked.collection); !name) {
      return pass_on(std::move(name));
    }
  }
  auto id = "v" + std::to_string(now.microseconds) + "-" + std::to_string(count_ + 1);
  auto next = std::make_shared<pass>(std::move(id), asked, options_);
  if (next->parts().empty()) {
    return fail(errc::not_found, asked.secondary.empty()
                                     ? "there is no secondary to compare with"
                                     : "there is no secondary '" + asked.secondary + "'");
  }
  for (const auto& part : next->parts()) {
    const auto taken = [&part](const std::shared_ptr<pass>& other) {
      return other->running_on(part.name());
    };
    if (std::ranges::any_of(passes_, taken)) {
      return fail(errc::busy, "another comparison runs on '" + part.name() + "'");
    }
  }
  ++count_;
  passes_.push_back(next);
  const auto over = std::ranges::find_if(
      passes_, [](const std::shared_ptr<pass>& one) { return !one->running(); });
  if (passes_.size() > options_.passes_kept && over != passes_.end()) passes_.erase(over);
  return next;
}

std::shared_ptr<pass> pass_book::find(const std::string& id) const {
  const auto known = std::ranges::find(passes_, id, &pass::id);
  return known == passes_.end() ? nullptr : *known;
}

std::shared_ptr<pass> pass_book::running() const {
  const auto newest = std::find_if(passes_.rbegin(), passes_.rend(),
                                   [](const auto& one) { return one->running(); });
  return newest == passes_.rend() ? nullptr : *newest;
}

void pass_book::stop_all() {
  for (const auto& one : passes_) one->stop();
}

}  // namespace keelson::validator
