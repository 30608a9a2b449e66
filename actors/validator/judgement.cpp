#include "actors/validator/judgement.hpp"

#include <utility>

namespace keelson::validator {

namespace {

bool intact(const document& d) {
  return computed_hash(d) == d.hash;
}

difference_kind kind_of(const std::optional<document>& primary,
                        const std::optional<document>& secondary) {
  if (!primary) return difference_kind::surplus;
  if (!secondary) return difference_kind::missing;
  return secondary->version < primary->version ? difference_kind::stale
                                               : difference_kind::differing;
}

}  // namespace

std::string_view to_string(difference_kind kind) noexcept {
  switch (kind) {
    case difference_kind::missing:
      return "missing";
    case difference_kind::surplus:
      return "surplus";
    case difference_kind::stale:
      return "stale";
    case difference_kind::differing:
      return "differing";
    case difference_kind::corrupt:
      return "corrupt";
  }
  return "unknown";
}

judgement unknown_judgement(const document_id& id, std::string reason) {
  return {.id = id, .outcome = comparison::unknown, .reason = std::move(reason)};
}

bool stands(const backends::read_span& at) noexcept {
  using phase = backends::store_point::phase;
  return at.before.what == phase::applied && at.after.what == phase::applied;
}

judgement judge(const document_id& id, const first_look& look) {
  const auto& [primary, primary_at, secondary, secondary_at] = look;
  judgement out{.id = id,
                .primary_version = primary ? primary->version : version{},
                .secondary_version = secondary ? secondary->version : version{}};
  const auto now = [&out](comparison outcome) {
    out.outcome = outcome;
    return out;
  };
  if (primary && !intact(*primary)) {
    out.kind = difference_kind::corrupt;
    return now(comparison::different);
  }
  if (!stands(secondary_at)) return now(comparison::pending);
  if (!primary && !secondary) return now(comparison::equal);
  if (primary && secondary && computed_hash(*secondary) == primary->hash) {
    return now(comparison::equal);
  }
  out.needs = primary ? primary->version : primary_at;
  if (secondary_at.before.at.at.at < out.needs) return now(comparison::pending);
  out.kind = kind_of(primary, secondary);
  return now(comparison::different);
}

confirmation confirm(difference_kind kind, const std::optional<document>& first,
                     const std::optional<document>& second, log_between log) {
  bool same = false;
  if (kind == difference_kind::surplus) {
    same = !first && !second && log == log_between::untouched;
  } else if (first && second) {
    same =
        first->version == second->version && intact(*second) == (kind != difference_kind::corrupt);
  }
  return same ? confirmation::confirmed : confirmation::written_meanwhile;
}

}  // namespace keelson::validator
