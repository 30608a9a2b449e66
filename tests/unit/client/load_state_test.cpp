#include "protocols/client/load_state.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/client/scratch_folder.hpp"

using namespace keelson::client;

namespace {

load_state sample() {
  return {.source = {.file = "/data/caf\xC3\xA9 \"x\".gz",
                     .bytes = 1ULL << 53,
                     .modified_ns = -4611686018427387905,
                     .collection = "cities",
                     .key_field = "id",
                     .url = "http://127.0.0.1:8470",
                     .log_id = "l",
                     .epoch = "e"},
          .load_id = "0123456789abcdef",
          .progress = {{17, 17003, 1ULL << 60}, 17000, 3}};
}

}  // namespace

TEST_CASE("what a load kept is read back") {
  const scratch_folder folder;
  const auto path = folder.path() / "new" / "a.keelson-load";
  CHECK_FALSE(read_load_state(path));
  REQUIRE(write_load_state(path, sample()));
  auto changed = sample();
  changed.progress.mark.pieces = 18;
  REQUIRE(write_load_state(path, changed));
  const auto read = read_load_state(path);
  REQUIRE(read);
  CHECK(read->source == sample().source);
  CHECK(read->load_id == sample().load_id);
  CHECK(read->progress == changed.progress);
  CHECK(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}) == 1);
}

TEST_CASE("a state that is cut off, damaged or of another format is none") {
  const scratch_folder folder;
  const auto path = folder.path() / "state";
  REQUIRE(write_load_state(path, sample()));
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (std::size_t size = 0; size + 1 < text.size(); ++size)
    CHECK_FALSE(read_load_state(folder.write("cut", text.substr(0, size))));
  auto later = text;
  later.replace(later.find("\"format\":1"), 10, "\"format\":2");
  CHECK_FALSE(read_load_state(folder.write("later", later)));
}

TEST_CASE("a state that cannot be written is an error") {
  const scratch_folder folder;
  const auto file = folder.write("file", "");
  CHECK_FALSE(write_load_state(std::filesystem::path(file) / "state", sample()));
}

TEST_CASE("the state lies beside the file") {
  const scratch_folder folder;
  CHECK(load_state_path(folder.path() / "a.gz") == folder.path() / "a.gz.keelson-load");
}
