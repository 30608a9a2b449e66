#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/client/commands.hpp"
#include "protocols/client/endpoint.hpp"
#include "protocols/client/load_state.hpp"
#include "protocols/client/piece_cutter.hpp"
#include "protocols/client/progress_bar.hpp"

namespace keelson::client {

/// What one run of a load needs beside its options.
struct load_job {
  endpoint target;
  piece_cutter cutter;  ///< stands where `state` says
  load_state state;
  std::optional<std::filesystem::path> state_file;  ///< none: nothing is kept
};

struct load_outcome {
  exit_status status = exit_status::done;
  load_progress progress;  ///< of all runs of the load
  bool complete = false;   ///< the end of the lines was reached
};

/// Sends what the cutter gives until its end, several pieces at a time, and keeps the state after
/// each that is done. Whatever leaves an outcome open is sent again under the same idempotency
/// key. Ends early, the state kept, when nothing has got done for `retry_for` or when the service
/// refuses for a reason that another line would not change.
[[nodiscard]] load_outcome run_pieces(const load_options& options, load_job job, progress_bar& bar);

}  // namespace keelson::client
