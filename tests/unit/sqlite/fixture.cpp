#include "tests/unit/sqlite/fixture.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace keelson::sqlite_tests {

namespace fs = std::filesystem;
using namespace backends;

temporary_folder::temporary_folder() {
  auto name = (fs::temp_directory_path() / "keelson-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::map<std::string, std::string> temporary_folder::files() const {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(path_)) {
    auto& bytes = found[entry.path().string()];
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  return found;
}

ownership owner_of(store_role role) {
  return {.log_id = "11111111-1111-4111-8111-111111111111",
          .role = role,
          .name = role == store_role::primary ? "primary" : "mirror"};
}

store_location location_in(const fs::path& folder) {
  return {.url = "sqlite:store.db", .folder = folder};
}

result<place> inspect(const fs::path& folder) {
  return sqlite::sqlite_engine().inspect(location_in(folder));
}

result<std::shared_ptr<store>> open(const fs::path& folder, store_role role,
                                    foreign_policy policy) {
  return sqlite::sqlite_engine().open(location_in(folder), owner_of(role), policy, first_epoch);
}

document_id id_of(const std::string& key) {
  return {collection_name::trusted("c"), document_key::trusted(key)};
}

result<void> put(primary_session& session, const std::string& key, const std::string& value) {
  const auto meta = session.meta();
  if (!meta) return std::unexpected(meta.error());
  log_record record{.at = meta->last.next(), .ends_commit = 1, .id = id_of(key), .value = value};
  record.hash_after = hash_document(record.id, record.at, {}, hash_value(value));
  record.chain = chain_next(meta->chain, meta->last, {&record, 1});
  auto next = *meta;
  next.last = record.at;
  next.chain = record.chain;
  const auto row = row_of(record);
  return session.commit({.expected_last = meta->last,
                         .expected_term = meta->term,
                         .rows = {&row, 1},
                         .records = {&record, 1},
                         .next = next});
}

result<void> put(secondary_session& session, const std::string& key, const std::string& value) {
  const auto state = session.state();
  if (!state) return std::unexpected(state.error());
  auto next = state->point;
  next.what = store_point::phase::applied;
  next.at.at = {std::string(first_epoch), next.at.at.at.next()};
  const document written{.id = id_of(key),
                         .version = next.at.at.at,
                         .hash = hash_document(id_of(key), next.at.at.at, {}, hash_value(value)),
                         .value = value};
  const auto row = row_of(written);
  return session.apply(
      {.expected = state->point, .next = next, .rows = {&row, 1}, .counts = state->counts});
}

void run_tool(const fs::path& folder, const std::string& sql) {
  const auto command = "sqlite3 -cmd '.timeout 5000' '" + (folder / "store.db").string() + "' \"" +
                       sql + "\" > /dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
}

}  // namespace keelson::sqlite_tests
