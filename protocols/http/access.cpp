#include "protocols/http/access.hpp"

#include <algorithm>

namespace keelson::http {

namespace {

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// Without the port, and an IPv6 address without its brackets.
std::string_view name_of(std::string_view host) noexcept {
  if (host.starts_with('[')) return host.substr(1, std::min(host.find(']'), host.size()) - 1);
  return host.substr(0, host.find(':'));
}

}  // namespace

access_policy::access_policy(std::string listening, std::vector<std::string> host_names,
                             std::vector<std::string> origins)
    : names_(std::move(host_names)), origins_(std::move(origins)) {
  for (const char* loopback : {"localhost", "127.0.0.1", "::1"}) names_.emplace_back(loopback);
  names_.push_back(std::move(listening));
}

result<void> access_policy::check_host(std::string_view host, std::string_view local) const {
  const std::string_view name = name_of(host);
  const auto known = [&](const std::string& each) { return same(each, name); };
  if (host.empty() || name == local || std::ranges::any_of(names_, known)) return {};
  return fail(errc::forbidden,
              "the Host header names none of this service's names; add it to http.hosts");
}

result<void> access_policy::check_origin(std::string_view origin, std::string_view host) const {
  if (origin.empty()) return {};
  const std::size_t scheme = origin.find("://");
  if (scheme != origin.npos && same(origin.substr(scheme + 3), host)) return {};
  const auto known = [&](const std::string& each) { return same(each, origin); };
  if (std::ranges::any_of(origins_, known)) return {};
  return fail(errc::forbidden,
              "pages of this origin may not use the service; add it to http.origins");
}

}  // namespace keelson::http
