#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "protocols/messages/answer.hpp"
#include "protocols/messages/atoms.hpp"
#include "protocols/messages/reader.hpp"
#include "protocols/messages/status.hpp"
#include "protocols/messages/writer.hpp"
#include "protocols/model/log_record.hpp"

namespace keelson::backends {
class store;
}

/// Contracts between the actors of one process. Their messages hold pointers and never cross the
/// network; those that do are in protocols/messages.
namespace keelson::actors {

/// The name under which the primary's store is made known.
inline constexpr std::string_view primary_name = "primary";

/// A store that its writing worker has opened. Readers open sessions of their own on it.
struct opened_store {
  std::string name;  ///< `primary`, or a secondary's
  std::shared_ptr<backends::store> store;
  log_point end;    ///< of the log; only with a primary
  sequence oldest;  ///< retained; only with a primary
  sequence base;    ///< of the present epoch; only with a primary
};

/// A committed group, shared by all who follow the log.
using group_ref = std::shared_ptr<const committed_group>;

/// A new epoch has begun: what was known of the log before is void.
struct history_break {
  log_point end;  ///< the new epoch's base, as a position
  messages::history_replaced why;
};

/// Role: told when a store can be read, and when it has to be let go (before it is opened again;
/// drop every session and pointer).
using store_user = caf::typed_actor<caf::reacts_to<messages::opened_atom, opened_store>,
                                    caf::reacts_to<messages::closed_atom, std::string>>;

/// Role: follows the primary's log from memory. Each group names what came before it; who sees a
/// gap reads the log.
using commit_listener = caf::typed_actor<caf::reacts_to<messages::commit_atom, group_ref>,
                                         caf::reacts_to<messages::replace_atom, history_break>>;

/// Is also told when the log is trimmed: the sequence after which it holds the records.
using primary_follower = caf::typed_actor<caf::reacts_to<messages::opened_atom, opened_store>,
                                          caf::reacts_to<messages::closed_atom, std::string>,
                                          caf::reacts_to<messages::commit_atom, group_ref>,
                                          caf::reacts_to<messages::trimmed_atom, sequence>,
                                          caf::reacts_to<messages::replace_atom, history_break>>;

/// What the log says of a (position, chain) that somebody kept.
enum class testimony : std::uint8_t {
  known,    ///< it lies in the log: go on from there
  trimmed,  ///< older than the oldest retained record: a rebuild, without suspicion
  lost,     ///< on a branch that is not this log's; if that was news, a new epoch has begun
};
struct testimony_result {
  testimony verdict = testimony::known;
  log_point end;  ///< of the log, after a new epoch if one has begun
};

/// Role: judges what a store or a file remembers of the log, before anything goes on from there.
using witness_stand =
    caf::typed_actor<caf::replies_to<messages::witness_atom, log_point,
                                     std::string>::with<messages::answer<testimony_result>>>;

/// Role: keeps the log for who follows it: (name, the sequence after which it needs the records).
/// A follower that is expected and has said nothing yet needs all.
using log_holder = caf::typed_actor<caf::reacts_to<messages::hold_atom, std::string, sequence>>;

/// Role: stops in its own order, answers when everything it held is closed, then ends.
using stoppable =
    caf::typed_actor<caf::replies_to<messages::stop_atom>::with<messages::stopped_atom>>;

}  // namespace keelson::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::actors::opened_store)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::actors::group_ref)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::actors::history_break)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::actors::testimony_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::messages::answer<keelson::actors::testimony_result>)
