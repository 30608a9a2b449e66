#include "protocols/model/number_text.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include <catch2/catch.hpp>

#include "tests/fuzz/json_model.hpp"

namespace keelson {
namespace {

std::string canonical(std::string_view literal) {
  json_text_buffer out;
  return append_number(out, literal) ? std::string(out.view()) : "refused";
}

std::string modelled(const std::string& literal) {
  return test::model_number(literal).value_or("refused");
}

double read(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

TEST_CASE("doubles of any bits keep their value and agree with the model") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 50'000; ++i) {
    const auto value = std::bit_cast<double>(random());
    if (!std::isfinite(value) || value == 0) continue;
    char text[40];
    std::snprintf(text, sizeof text, "%.17e", value);
    const std::string form = canonical(text);
    INFO(text);
    CHECK(form == modelled(text));
    CHECK(read(form) == value);
    CHECK(canonical(form) == form);
    CHECK(form.find('+') == form.npos);
  }
}

TEST_CASE("literals of few digits, which skip the conversion, agree with the model") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 50'000; ++i) {
    std::string digits = std::to_string(random() % 1'000'000'000'000'000'000);
    digits.resize(1 + random() % digits.size());
    std::string literal = random() % 2 == 0 ? "-" : "";
    if (random() % 2 == 0) {
      literal += "0." + std::string(random() % 8, '0') + digits;
    } else {
      if (digits[0] == '0') digits[0] = '7';
      literal += digits;
      if (random() % 4 != 0) literal.insert(literal.size() - random() % digits.size(), ".");
      if (literal.back() == '.') literal += "5";
      if (random() % 4 == 0) literal += "e" + std::to_string(static_cast<int>(random() % 60) - 30);
    }
    INFO(literal);
    const std::string form = canonical(literal);
    CHECK(form == modelled(literal));
    if (form != "refused") CHECK(canonical(form) == form);
  }
}

TEST_CASE("the ends of the integer types") {
  for (const std::uint64_t edge : {std::uint64_t{1} << 53, std::uint64_t{1} << 63,
                                   std::numeric_limits<std::uint64_t>::max()}) {
    for (std::uint64_t step = 0; step < 3; ++step) {
      const std::string literal = std::to_string(edge - step);
      CHECK(canonical(literal) == literal);
      CHECK(canonical("-" + literal) == modelled("-" + literal));
      CHECK(canonical(literal + ".0") == modelled(literal + ".0"));
      CHECK(canonical("-" + literal + "e0") == modelled("-" + literal + "e0"));
    }
  }
}

TEST_CASE("powers of ten and of two agree with the model") {
  for (int exponent = -330; exponent <= 310; ++exponent) {
    const std::string literal = "1e" + std::to_string(exponent);
    CHECK(canonical(literal) == modelled(literal));
  }
  for (int exponent = -1074; exponent <= 1023; ++exponent) {
    char text[40];
    std::snprintf(text, sizeof text, "%.17e", std::ldexp(1.0, exponent));
    CHECK(canonical(text) == modelled(text));
  }
}

TEST_CASE("only zeros with long exponents are shortened, and nothing moves") {
  CHECK(shorten_zero_exponents("[0e9999999999,1]", 1) == "[0e0         ,1]");
  CHECK(shorten_zero_exponents("-0.0E-0000000001", 0) == "-0.0E-0         ");
  CHECK(shorten_zero_exponents("[1e9999999999,0e99]", 1) == "[1e9999999999,0e99]");
  CHECK(shorten_zero_exponents("[0,\"\\\"0e9999999999\"]", 1) == "[0,\"\\\"0e9999999999\"]");
  CHECK(shorten_zero_exponents("0e9999999999.5", 0) == "0e0         .5");
  CHECK(number_begin("[1, -12e+5]", 9) == 4);
  CHECK(number_begin("12", 2) == 0);
}

}  // namespace
}  // namespace keelson
