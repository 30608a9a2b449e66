#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "protocols/client/http_message.hpp"

namespace keelson::client {

/// What the answer to a batch of puts asks the loader to do.
struct batch_verdict {
  enum class step : std::uint8_t {
    done,       ///< every operation was written
    again,      ///< the same request under the same key, later
    drop_line,  ///< operation `index` is refused: send the others under a new key
    split,      ///< some operation is refused, unknown which: send each half under a new key
    give_up,    ///< nothing can be loaded like this
  };

  step next = step::give_up;
  std::size_t index = 0;
  std::string code;
  std::string detail;
  std::uint64_t retry_after_seconds = 0;  ///< with `again`: not before
};

/// `operations` is how many the batch held, at least one.
[[nodiscard]] batch_verdict judge_batch_answer(const http_response& answer, std::size_t operations);

}  // namespace keelson::client
