#include "protocols/bridge/courier.hpp"

#include <caf/event_based_actor.hpp>

namespace keelson::bridge {

caf::behavior courier(caf::event_based_actor* self) {
  return {[self](const errand& run) { (*run)(*self); }};
}

}  // namespace keelson::bridge
