#include "protocols/wire/limits.hpp"

namespace keelson::wire {

result<std::string> canonical_value(std::string_view text, const content_limits& limits) {
  if (text.size() > limits.value) {
    return fail(errc::too_large, "a value has at most " + std::to_string(limits.value) + " bytes");
  }
  return canonicalise(text, limits.json_depth);
}

}  // namespace keelson::wire
