#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "backends/row_source.hpp"
#include "protocols/client/blocking_client.hpp"
#include "protocols/client/commands.hpp"
#include "protocols/client/import_state.hpp"
#include "protocols/client/progress_bar.hpp"

/// The two halves of an import. Each reads the source once, page by page.
namespace keelson::client {

/// What both need.
struct import_tools {
  const import_options& options;
  console& io;
  blocking_client& service;
  progress_bar& bar;
};

/// Writes the rows behind the state's mark, keeping the state after each page. Anything but `done`
/// was reported, and the same command goes on.
[[nodiscard]] exit_status copy_rows(const import_tools& tools, backends::row_source& rows,
                                    import_state& state);

/// What the rows are like in the collection.
struct import_comparison {
  std::uint64_t equal = 0;
  std::uint64_t missing = 0;
  std::uint64_t different = 0;
};

/// Compares every row that can be a document. Differences are printed, up to 1,000 of them.
[[nodiscard]] exit_status compare_rows(const import_tools& tools, backends::row_source& rows,
                                       import_comparison& found);

}  // namespace keelson::client
