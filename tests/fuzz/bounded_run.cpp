#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/fuzz/fuzz_entry.hpp"

// Runs a fuzz target for a fixed number of inputs in the normal test run: its seeds, then random
// changes of them from a fixed generator, so that a failure comes back.

namespace {

constexpr int iterations = 200'000;
constexpr std::size_t longest = 400;

std::vector<std::string> seeds() {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(KEELSON_FUZZ_CORPUS)) {
    std::ifstream file(entry.path(), std::ios::binary);
    found.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  std::sort(found.begin(), found.end());
  return found;
}

void run_one(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

class mutator {
 public:
  explicit mutator(const std::vector<std::string>& corpus) : corpus_(corpus) {}

  std::string next() {
    std::string text = pick();
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(text);
    if (text.size() > longest) text.resize(longest);
    return text;
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }
  const std::string& pick() { return corpus_[below(corpus_.size())]; }

  void change(std::string& text) {
    static constexpr std::string_view bits = "{}[]\",:\\|0123456789.eE+-u \ndaf\x80\xc3\xe2\xff";
    const std::size_t at = below(text.size() + 1);
    switch (below(5)) {
      case 0:
        text.insert(at, 1, bits[below(bits.size())]);
        break;
      case 1:
        text.erase(at, 1 + below(6));
        break;
      case 2:
        if (at < text.size()) text[at] = static_cast<char>(random_());
        break;
      case 3:
        text.insert(at, text.substr(below(text.size() + 1), below(24)));
        break;
      default: {
        const std::string& other = pick();
        text.replace(at, below(24), other.substr(below(other.size() + 1), below(24)));
      }
    }
  }

  const std::vector<std::string>& corpus_;
  std::mt19937_64 random_{8470};
};

}  // namespace

TEST_CASE("the fuzz target holds on its seeds and on changes of them") {
  const std::vector<std::string> corpus = seeds();
  REQUIRE(corpus.size() >= 5);
  for (const std::string& seed : corpus) run_one(seed);
  mutator mutate(corpus);
  for (int i = 0; i < iterations; ++i) run_one(mutate.next());
  SUCCEED();
}
