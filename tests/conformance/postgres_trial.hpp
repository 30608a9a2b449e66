#pragma once

#include <string>

#include "tests/conformance/trial.hpp"
#include "tests/support/servers/postgres.hpp"

namespace keelson::conformance {

/// PostgreSQL among the subjects; null, and a warning, where it cannot be tried.
inline const subject* postgres_subject() {
  for (const auto& each : subjects()) {
    if (each.scheme == "postgresql") return &each;
  }
  WARN(servers::postgres_server::lack());
  return nullptr;
}

/// What a statement gives in the database of a trial, or of any URL.
inline std::string sql(const std::string& url, const std::string& text) {
  return servers::postgres_server::shared().run(url, text);
}
inline std::string sql(const trial& in, const std::string& text) {
  return sql(in.location().url, text);
}

}  // namespace keelson::conformance
