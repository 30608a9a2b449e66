#include "backends/first_meta.hpp"

#include <string>

namespace keelson::backends {

primary_meta first_meta(const ownership& owner, std::string_view first_epoch) {
  const auto chain = chain_start(owner.log_id);
  return {.log_id = owner.log_id,
          .epochs = {{std::string(first_epoch), {}, chain}},
          .chain = chain,
          .oldest_chain = chain};
}

}  // namespace keelson::backends
