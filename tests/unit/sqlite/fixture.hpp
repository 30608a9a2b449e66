#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "backends/sqlite/sqlite_engine.hpp"

namespace keelson::sqlite_tests {

inline constexpr std::string_view first_epoch = "aaaaaaaa";

/// A folder of its own that goes with the object.
class temporary_folder {
 public:
  temporary_folder();
  ~temporary_folder();
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// Every file beneath, with its bytes.
  [[nodiscard]] std::map<std::string, std::string> files() const;

 private:
  std::filesystem::path path_;
};

[[nodiscard]] backends::ownership owner_of(backends::store_role role);

/// The engine on `store.db` of a folder.
[[nodiscard]] backends::store_location location_in(const std::filesystem::path& folder);
[[nodiscard]] result<backends::place> inspect(const std::filesystem::path& folder);
[[nodiscard]] result<std::shared_ptr<backends::store>> open(
    const std::filesystem::path& folder, backends::store_role role,
    backends::foreign_policy policy = backends::foreign_policy::refuse);

/// Commits one document after what is there.
[[nodiscard]] result<void> put(backends::primary_session& session, const std::string& key,
                               const std::string& value);
/// Applies one document to a secondary after what is there.
[[nodiscard]] result<void> put(backends::secondary_session& session, const std::string& key,
                               const std::string& value);
[[nodiscard]] document_id id_of(const std::string& key);

/// Runs SQL in the folder's database with the sqlite3 tool, as an operator would.
void run_tool(const std::filesystem::path& folder, const std::string& sql);

template <class T>
T must(result<T> done) {
  if (!done) FAIL(to_string(done.error().code) << ": " << done.error().detail);
  return std::move(*done);
}
inline void must(result<void> done) {
  if (!done) FAIL(to_string(done.error().code) << ": " << done.error().detail);
}

}  // namespace keelson::sqlite_tests
