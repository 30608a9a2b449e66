#include "backends/admission.hpp"

#include <string>

namespace keelson::backends {

namespace {

std::string described(const ownership& owner) {
  return (owner.role == store_role::primary ? "the primary '" : "the secondary '") + owner.name +
         "' of the log " + owner.log_id;
}

}  // namespace

result<void> admit(std::string_view where, const place& found, const ownership& owner,
                   foreign_policy policy, foreign_data beside) {
  const std::string there(where);
  if (found.what == place::kind::empty) return {};
  if (found.what == place::kind::foreign) {
    const bool can_be = beside == foreign_data::kept_apart;
    if (can_be && policy == foreign_policy::adopt) return {};
    return fail(errc::store_foreign, there + " is not Keelson's: " + found.reason +
                                         (can_be ? "" : "; it cannot be adopted"));
  }
  if (found.format != format_number) {
    return fail(errc::store_mismatch, there + " has the format number " +
                                          std::to_string(found.format) + "; this program knows " +
                                          std::to_string(format_number));
  }
  if (found.owner == owner) return {};
  if (policy == foreign_policy::adopt && found.owner.role == owner.role) return {};
  return fail(errc::store_mismatch,
              there + " belongs to " + described(found.owner) + ", not to " + described(owner));
}

}  // namespace keelson::backends
