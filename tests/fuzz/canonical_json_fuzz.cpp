#include <cstdio>
#include <cstdlib>

#include "protocols/model/canonical_json.hpp"
#include "tests/fuzz/fuzz_entry.hpp"
#include "tests/fuzz/json_model.hpp"

namespace {

using namespace keelson;

void require(bool holds, const char* what, std::string_view text) {
  if (holds) return;
  std::fprintf(stderr, "%s: %.*s\n", what, static_cast<int>(text.size()), text.data());
  std::abort();
}

/// The canonical form, or "" where text is refused; checked against the model and against itself.
std::string check_canonicalise(std::string_view text, std::size_t max_depth) {
  const auto canonical = canonicalise(text, max_depth);
  const auto expected = test::model_read(text, max_depth);
  require(canonical.has_value() == expected.has_value(), "one of them refuses", text);
  if (!canonical) {
    require(canonical.error().code == expected.error(), "refused by different codes", text);
    require(canonical.error().detail.starts_with("at byte "), "a refusal without a place", text);
    return {};
  }
  require(*canonical == test::model_write(*expected), "not the model's form", text);
  require(canonicalise(*canonical, max_depth) == canonical, "not idempotent", text);
  require(is_clean_utf8(*canonical), "not clean UTF-8", text);
  return *canonical;
}

void check_merge(std::string_view target, std::string_view patch, std::size_t max_depth) {
  const auto merged = merge_patch(target, patch, max_depth);
  require(merged.has_value(), "a merge failed", target);
  const auto expected =
      test::model_merge(*test::model_read(target, max_depth), *test::model_read(patch, max_depth));
  require(*merged == test::model_write(expected), "not the model's merge", *merged);
}

/// On texts that are not canonical a merge may do anything but leave them.
void survive_merge(std::string_view target, std::string_view patch, std::size_t max_depth) {
  const auto merged = merge_patch(target, patch, max_depth);
  require(!merged || merged->size() <= 2 * (target.size() + patch.size()) + 2, "grew", target);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t max_depth = 8;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_canonicalise(input, max_depth);

  const std::size_t split = input.find('|');
  if (split == input.npos) return 0;
  const std::string target = check_canonicalise(input.substr(0, split), max_depth);
  const std::string patch = check_canonicalise(input.substr(split + 1), max_depth);
  if (!target.empty() && !patch.empty()) check_merge(target, patch, max_depth);
  survive_merge(input.substr(0, split), input.substr(split + 1), max_depth);

  std::string quoted;
  append_json_string(quoted, input);
  const bool clean = is_clean_utf8(input);
  require(canonicalise(quoted).has_value() == clean, "is_clean_utf8 is wrong", input);
  if (clean) require(canonicalise(quoted) == quoted, "append_json_string is wrong", input);
  return 0;
}
