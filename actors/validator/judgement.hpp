#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "backends/store.hpp"
#include "protocols/messages/verification.hpp"
#include "protocols/model/document.hpp"

/// The rules by which one document is judged, on what two stores answered. Pure.
namespace keelson::validator {

using messages::comparison;

enum class difference_kind : std::uint8_t {
  missing,    ///< the secondary does not have it
  surplus,    ///< only the secondary has it
  stale,      ///< the secondary has an older version, though it claims to be further
  differing,  ///< the same version with other bytes, or a version that the primary does not know
  corrupt,    ///< the primary's bytes do not match the primary's own hash
};
[[nodiscard]] std::string_view to_string(difference_kind kind) noexcept;

struct judgement {
  document_id id;
  comparison outcome = comparison::unknown;
  difference_kind kind = difference_kind::missing;  ///< of a different one
  version primary_version;                          ///< 0: absent there, or not seen
  version secondary_version;
  sequence needs;      ///< of a pending one: how far the secondary has to be for the next look
  std::string reason;  ///< of an unknown one, for a person

  /// Whether the document counts: it is known to be on neither side otherwise.
  [[nodiscard]] bool counts() const noexcept {
    return outcome != comparison::equal || primary_version.value != 0;
  }
};

[[nodiscard]] judgement unknown_judgement(const document_id& id, std::string reason);

/// Whether a store's answer can be held against the primary: it stood at an applied position for
/// the whole read. An empty store and one that is being rebuilt have not got that far.
[[nodiscard]] bool stands(const backends::read_span& at) noexcept;

/// What both sides answered first, the primary before the secondary.
struct first_look {
  const std::optional<document>& primary;
  sequence primary_at;  ///< fetched before the read
  const std::optional<document>& secondary;
  const backends::read_span& secondary_at;
};

/// The outcome of a first look, or `different` for a suspect, who needs the second look.
[[nodiscard]] judgement judge(const document_id& id, const first_look& look);

enum class confirmation : std::uint8_t {
  confirmed,
  written_meanwhile,  ///< the two looks do not fit together: begin anew
};

/// Whether log records lie between the first and the second look at the primary.
enum class log_between : std::uint8_t { untouched, touched };

/// The second look at a suspect on the primary. The secondary was at or beyond the document's
/// version when it answered (or beyond the position before the first look, for one that is absent),
/// so a primary that says the same again proves that the secondary had no reason to differ.
[[nodiscard]] confirmation confirm(difference_kind kind, const std::optional<document>& first,
                                   const std::optional<document>& second, log_between log);

}  // namespace keelson::validator
