#include "protocols/model/canonical_json.hpp"
#include "protocols/model/json_cursor.hpp"
#include "protocols/model/json_escape.hpp"

namespace keelson {

namespace {

/// RFC 7396, section 2, on two canonical texts at once: both have their members in one order, so
/// that one walk through each merges them, and what no patch touches is copied as it is.
class merger {
 public:
  explicit merger(std::size_t max_depth) noexcept : max_depth_(max_depth) {}

  /// The value of one place, `depth` levels down, of which the patch says something.
  void merge_value(json_cursor& target, json_cursor& patch, std::size_t depth) {
    if (patch.at_object() && target.at_object()) {
      merge_object(target, patch, depth + 1);
      return;
    }
    static_cast<void>(target.take_value());
    add_value(patch, depth);
  }

  [[nodiscard]] bool too_deep() const noexcept { return too_deep_; }
  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  using name = std::string_view;

  static bool less(name a, name b) noexcept {
    const bool escaped = a.find('\\') != a.npos || b.find('\\') != b.npos;
    return escaped ? escaped_less(a, b) : a < b;
  }

  /// A value that the target lacks.
  void add_value(json_cursor& patch, std::size_t depth) {
    if (patch.at_object()) {
      json_cursor nothing("{}");
      merge_object(nothing, patch, depth + 1);
    } else {
      copy_value(patch, depth);
    }
  }

  void merge_object(json_cursor& target, json_cursor& patch, std::size_t depth) {
    if (!fits(depth)) return;
    target.enter_object();
    patch.enter_object();
    out_.push_back('{');
    name kept = target.next_name();
    name changed = patch.next_name();
    while (!too_deep_ && (kept.data() != nullptr || changed.data() != nullptr)) {
      if (changed.data() == nullptr || (kept.data() != nullptr && less(kept, changed))) {
        begin_member(kept);
        copy_value(target, depth);
        kept = target.next_name();
        continue;
      }
      const bool in_target = kept.data() != nullptr && kept == changed;
      change_member(in_target ? &target : nullptr, patch, changed, depth);
      if (in_target) kept = target.next_name();
      changed = patch.next_name();
    }
    if (out_.back() == ',') out_.pop_back();
    out_.push_back('}');
    end_value(depth);
  }

  void change_member(json_cursor* target, json_cursor& patch, name changed, std::size_t depth) {
    if (patch.at_null()) {
      static_cast<void>(patch.take_value());
      if (target != nullptr) static_cast<void>(target->take_value());
      return;
    }
    begin_member(changed);
    if (target != nullptr) {
      merge_value(*target, patch, depth);
    } else {
      add_value(patch, depth);
    }
  }

  void begin_member(name of) {
    out_.push_back('"');
    out_.append(of);
    out_.append("\":");
  }

  void copy_value(json_cursor& from, std::size_t depth) {
    const json_cursor::value value = from.take_value();
    if (!fits(depth + value.depth)) return;
    out_.append(value.text);
    if (depth > 0) out_.push_back(',');
  }

  void end_value(std::size_t depth) {
    if (depth > 1) out_.push_back(',');
  }

  bool fits(std::size_t depth) noexcept {
    too_deep_ = too_deep_ || depth > max_depth_;
    return !too_deep_;
  }

  std::string out_;
  std::size_t max_depth_;
  bool too_deep_ = false;
};

}  // namespace

result<std::string> merge_patch(std::string_view target, std::string_view patch,
                                std::size_t max_depth) {
  json_cursor from(target);
  json_cursor with(patch);
  merger merging(max_depth);
  merging.merge_value(from, with, 0);
  if (merging.too_deep()) {
    return fail(errc::too_large,
                "the patched value is nested deeper than " + std::to_string(max_depth) + " levels");
  }
  if (from.failed() || with.failed() || !from.at_end() || !with.at_end())
    return fail(errc::internal, "a merge patch on a text that is not in canonical form");
  return std::move(merging).take();
}

}  // namespace keelson
