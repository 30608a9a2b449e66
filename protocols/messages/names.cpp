#include "protocols/messages/component_status.hpp"
#include "protocols/messages/verification.hpp"

namespace keelson::messages {

std::string_view to_string(component_state state) noexcept {
  switch (state) {
    case component_state::starting:
      return "starting";
    case component_state::serving:
      return "serving";
    case component_state::live:
      return "live";
    case component_state::catching_up:
      return "catching_up";
    case component_state::rebuilding:
      return "rebuilding";
    case component_state::paused:
      return "paused";
    case component_state::broken:
      return "broken";
    case component_state::hung:
      return "hung";
    case component_state::confirmation_required:
      return "confirmation_required";
    case component_state::foreign:
      return "foreign";
    case component_state::stopped:
      return "stopped";
  }
  return "unknown";
}

std::vector<std::string_view> words_of(std::span<const component_state> states) {
  std::vector<std::string_view> words;
  words.reserve(states.size());
  for (const auto state : states) words.push_back(to_string(state));
  return words;
}

std::string_view to_string(comparison result) noexcept {
  switch (result) {
    case comparison::equal:
      return "equal";
    case comparison::pending:
      return "pending";
    case comparison::different:
      return "different";
    case comparison::unknown:
      return "unknown";
  }
  return "unknown";
}

std::string_view to_string(pass_state state) noexcept {
  switch (state) {
    case pass_state::running:
      return "running";
    case pass_state::equal:
      return "equal";
    case pass_state::different:
      return "different";
    case pass_state::incomplete:
      return "incomplete";
    case pass_state::stopped:
      return "stopped";
  }
  return "unknown";
}

}  // namespace keelson::messages
