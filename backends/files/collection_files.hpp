#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocols/model/document.hpp"
#include "protocols/model/error.hpp"

namespace keelson::backends::files {

/// The two files of each collection: `NAME.json` with keys and values, and `.keelson/NAME` with
/// everything else.
class collection_files {
 public:
  explicit collection_files(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Which state of a file was read; an edit gives another.
  struct state {
    std::uint64_t inode = 0;
    std::uint64_t bytes = 0;
    std::int64_t modified = 0;  ///< nanoseconds since 1970
    bool operator==(const state&) const = default;
  };
  /// Of every file that can be a collection's, by the collection's name.
  [[nodiscard]] result<std::map<std::string, state>> look() const;

  /// The documents as the file has them: their values in canonical form, and what is not in the
  /// file from beside it. A document that was put there by hand has the version 0. A damaged file
  /// is renamed to `NAME.json.damaged`, reported in the log, and counts as absent.
  [[nodiscard]] result<std::vector<document>> load(const std::string& name) const;

  /// Lasting when it returns; without documents both files go. Gives the state of the file that was
  /// written, so that an edit right behind it is told from it; absent without documents.
  [[nodiscard]] result<std::optional<state>> save(const std::string& name,
                                                  const std::vector<document>& documents) const;

 private:
  [[nodiscard]] std::filesystem::path values_of(const std::string& name) const;
  [[nodiscard]] std::filesystem::path rest_of(const std::string& name) const;
  [[nodiscard]] result<std::map<std::string, document>> load_rest(const std::string& name) const;

  std::filesystem::path folder_;
};

}  // namespace keelson::backends::files
