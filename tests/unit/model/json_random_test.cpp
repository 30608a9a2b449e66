#include <random>
#include <string>

#include <catch2/catch.hpp>

#include "protocols/model/canonical_json.hpp"
#include "tests/fuzz/json_model.hpp"

namespace keelson {
namespace {

/// Writes random JSON texts in the least canonical way: white space everywhere, members in any
/// order, characters escaped at random, numbers in odd forms.
class untidy_writer {
 public:
  explicit untidy_writer(unsigned seed) : random_(seed) {}

  std::string text() {
    out_.clear();
    value(0);
    return out_;
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  void space() {
    while (below(4) == 0) out_ += " \t\r\n"[below(4)];
  }

  void value(std::size_t depth) {
    space();
    switch (below(depth < 5 ? 8 : 5)) {
      case 0:
        out_ += below(2) == 0 ? "true" : "false";
        break;
      case 1:
        out_ += "null";
        break;
      case 2:
        string(below(12));
        break;
      case 3:
      case 4:
        number();
        break;
      case 5:
        array(depth);
        break;
      default:
        object(depth);
    }
    space();
  }

  void array(std::size_t depth) {
    out_ += '[';
    const std::size_t count = below(5);
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) out_ += ',';
      value(depth + 1);
    }
    if (count == 0) space();
    out_ += ']';
  }

  void object(std::size_t depth) {
    out_ += '{';
    space();
    const std::size_t count = below(7);
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) out_ += ',';
      space();
      string(below(3));
      space();
      out_ += ':';
      value(depth + 1);
    }
    out_ += '}';
  }

  void number() {
    static constexpr const char* forms[] = {"0",
                                            "-0",
                                            "-0.0",
                                            "1.0",
                                            "1e2",
                                            "25e-1",
                                            "1E+19",
                                            "1e20",
                                            "-1e19",
                                            "0e-999",
                                            "4.50",
                                            "9007199254740993",
                                            "18446744073709551615"};
    if (below(4) == 0) {
      out_ += forms[below(std::size(forms))];
      return;
    }
    out_ += std::to_string(static_cast<int>(random_()));
    if (below(2) == 0) out_ += "." + std::to_string(random_());
    if (below(3) == 0) out_ += "E-" + std::to_string(below(20));
  }

  void string(std::size_t length) {
    static constexpr const char* pieces[] = {
        "a",   "b",    "A",    "/",       "é",   "€",       "😀",       "#",
        "\\n", "\\\"", "\\\\", "\\u0001", "\\/", "\\u0061", "\\u00e9", "\\ud83d\\ude00",
        "\\t"};
    out_ += '"';
    for (std::size_t i = 0; i < length; ++i) {
      out_ += pieces[below(std::size(pieces))];
    }
    out_ += '"';
  }

  std::mt19937 random_;
  std::string out_;
};

TEST_CASE("random texts have the model's canonical form, once and for all") {
  untidy_writer writer(1);
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = writer.text();
    INFO(text);
    const auto canonical = canonicalise(text);
    const auto expected = test::model_read(text, default_json_depth);
    REQUIRE(canonical.has_value() == expected.has_value());
    if (!canonical) {
      REQUIRE(canonical.error().code == expected.error());
      continue;
    }
    ++accepted;
    REQUIRE(*canonical == test::model_write(*expected));
    REQUIRE(canonicalise(*canonical) == canonical);
  }
  CHECK(accepted > 5'000);
}

TEST_CASE("random patches give the model's result, in canonical form") {
  untidy_writer writer(2);
  std::string target = "{}";
  int merged = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto patch = canonicalise(writer.text());
    if (!patch) continue;
    INFO(target << " and " << *patch);
    const auto result = merge_patch(target, *patch);
    REQUIRE(result.has_value());
    const auto expected = test::model_merge(*test::model_read(target, default_json_depth),
                                            *test::model_read(*patch, default_json_depth));
    REQUIRE(*result == test::model_write(expected));
    REQUIRE(canonicalise(*result) == result);
    ++merged;
    // Patched again and again an object grows; a scalar would end that.
    if (i % 20 == 0) target = *patch;
    if (result->starts_with('{')) target = *result;
  }
  CHECK(merged > 5'000);
}

}  // namespace
}  // namespace keelson
