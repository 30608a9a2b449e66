#pragma once

#include <cstddef>
#include <cstdint>

namespace keelson::backends {

/// The calls of a store and its sessions, as decorators tell them apart.
enum class call_kind : std::uint8_t {
  open,    ///< of a session
  read,    ///< every call that changes nothing
  commit,  ///< of a primary
  trim,
  apply,  ///< of a secondary
  sync,
};
inline constexpr std::size_t call_kinds = 6;

}  // namespace keelson::backends
