#include "config/loading.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "backends/registry.hpp"
#include "config/profile.hpp"
#include "config/units.hpp"

namespace keelson::config {

namespace {

class loading {
 public:
  explicit loading(gathered sources) : sources_(std::move(sources)) {}

  std::expected<loaded, std::vector<mistake>> run() {
    std::ranges::stable_sort(sources_.values, {}, [](const given& one) { return one.from.kind; });
    follow_profile();
    skip_database_url();
    for (given& one : sources_.values) store(one);
    if (chosen_) values_.profile = *chosen_;
    if (!why_.empty()) origins_["profile"] += " auto: " + why_;
    check();
    if (!sources_.mistakes.empty()) return std::unexpected(std::move(sources_.mistakes));
    return loaded{.values = values_, .report = report()};
  }

 private:
  /// The strongest value of a setting that DATABASE_URL does not give; null if there is none.
  [[nodiscard]] const given* strongest(std::string_view name) const {
    const given* found = nullptr;
    for (const given& one : sources_.values) {
      if (one.which->name == name && one.from.kind > source::database_url) found = &one;
    }
    return found;
  }

  /// Gives the stores that a profile stands for, in front of every value that is stronger.
  void follow_profile() {
    const auto* const asked = strongest("profile");
    if (asked == nullptr || asked->items.size() != 1) return;
    const auto wanted = parse_profile(asked->items.front());
    if (!wanted || *wanted == store_profile::none) return;
    std::optional<std::string> primary;
    if (const auto* const named = strongest("primary.url")) primary = named->items.front();
    auto plan = plan_of(*wanted, sources_.around, primary);
    if (!plan) return wrong(asked->from.text, plan.error().detail);
    chosen_ = plan->chosen;
    why_ = plan->why;
    std::erase_if(sources_.values,
                  [](const given& one) { return one.from.kind == source::database_url; });
    std::erase_if(plan->values,
                  [this](const given& one) { return strongest(one.which->name) != nullptr; });
    sources_.values.insert(sources_.values.begin(), std::make_move_iterator(plan->values.begin()),
                           std::make_move_iterator(plan->values.end()));
  }

  void skip_database_url() {
    if (strongest("primary.url") == nullptr) return;
    std::erase_if(sources_.values,
                  [](const given& one) { return one.from.kind == source::database_url; });
  }

  void store(given& one) {
    const setting& which = *one.which;
    if (one.secondaries) {
      values_.secondaries = std::move(*one.secondaries);
    } else if (auto stored = which.store(values_, one.items); !stored) {
      // Flags and variables tell the setting by themselves.
      const auto name =
          one.from.kind == source::file ? std::string(which.name) + ": " : std::string();
      failed_.insert(which.name);
      return wrong(one.from.text, name + stored.error().detail);
    }
    origins_[which.name] = one.from.text;
  }

  void wrong(std::string where, std::string what) {
    sources_.mistakes.push_back({std::move(where), std::move(what)});
  }

  [[nodiscard]] std::string origin_of(std::string_view name) const {
    const auto found = origins_.find(name);
    return found == origins_.end() ? "default" : found->second;
  }

  /// What single values cannot tell. What is known to be wrong gives no second mistake.
  void check() {
    check_listen();
    check_tls();
    check_limits();
    if (values_.start.new_log && values_.start.new_epoch) {
      wrong("--new-epoch", "excludes --new-log: a start does one or the other");
    }
    if (sources_.mistakes.empty()) check_stores();
  }

  void check_listen() {
    const bool guarded = !values_.auth.tokens.empty() || failed_.contains("auth.tokens");
    if (is_loopback(values_.listen) || guarded || values_.insecure_listen) return;
    wrong(
        origin_of("listen"),
        listen_text(values_.listen) +
            " can be reached from other machines, and whoever reaches it may read and write "
            "everything; listen on 127.0.0.1, set auth.tokens, or say --insecure-listen if that is "
            "meant");
  }

  void check_tls() {
    const auto& tls = values_.tls;
    if (tls.certificate.empty() == tls.key.empty()) return;
    const auto* const given = tls.key.empty() ? "tls.certificate" : "tls.key";
    const auto* const missing = tls.key.empty() ? "tls.key" : "tls.certificate";
    wrong(origin_of(given), std::string("TLS needs ") + missing + " too");
  }

  void check_stores() {
    const auto engine = backends::engine_for(values_.primary.url);
    if (engine && !(*engine)->abilities.durable && !values_.primary.allow_volatile) {
      wrong(origin_of("primary.url"),
            "a primary of the kind " + std::string((*engine)->scheme) +
                ": forgets what it acknowledged; say --primary-allow-volatile if that is meant");
    }
    std::map<std::string_view, std::string_view> urls{{values_.primary.url, "primary"}};
    std::set<std::string_view> names;
    for (const auto& each : values_.secondaries) {
      if (!names.insert(each.name).second) {
        wrong(origin_of("secondaries"), "two secondaries are named '" + each.name + "'");
      }
      // Every `memory:` is a store of its own.
      const auto [other, fresh] = urls.emplace(each.url, each.name);
      if (!fresh && each.url != "memory:") {
        wrong(origin_of("secondaries"),
              "'" + each.name + "' is the same store as '" + std::string(other->second) + "'");
      }
    }
    for (const auto& name : values_.start.adopt) {
      if (name == "primary" || has_secondary(name)) continue;
      wrong("--adopt", "there is no store named '" + name + "'");
    }
  }

  void check_limits() {
    const auto& limits = values_.limits;
    at_least("limits.batch", limits.batch, "limits.value", limits.value);
    at_least("writer.queue_bytes", values_.writer.queue_bytes, "limits.batch", limits.batch);
    at_least("limits.in_flight", limits.in_flight, "limits.in_flight_per_connection",
             limits.in_flight_per_connection);
  }

  void at_least(std::string_view name, std::uint64_t value, std::string_view other,
                std::uint64_t least) {
    if (value >= least || failed_.contains(name) || failed_.contains(other)) return;
    const bool changed = origin_of(name) != "default";
    wrong(origin_of(changed ? name : other),
          std::string(name) + " is less than " + std::string(other));
  }

  [[nodiscard]] bool has_secondary(std::string_view name) const {
    return std::ranges::find(values_.secondaries, name, &secondary_settings::name) !=
           values_.secondaries.end();
  }

  [[nodiscard]] std::vector<in_force> report() const {
    std::vector<in_force> rows;
    for (const setting& each : setting_table()) {
      rows.push_back(
          {std::string(each.name), each.show(values_), origin_of(each.name), each.at_run_time});
      if (each.name == "secondaries") add_secondaries(rows);
    }
    return rows;
  }

  /// What the short form `NAME=URL` does not tell.
  void add_secondaries(std::vector<in_force>& rows) const {
    for (const auto& each : values_.secondaries) {
      const auto name = "secondaries." + each.name;
      const auto from = origin_of("secondaries");
      std::string patterns;
      for (const auto& pattern : each.collections) {
        patterns.append(patterns.empty() ? "" : " ").append(pattern);
      }
      rows.push_back({name + ".collections", patterns.empty() ? "*" : patterns, from});
      rows.push_back({name + ".validate.reads", each.check_reads ? "yes" : "no", from});
    }
  }

  gathered sources_;
  std::optional<store_profile> chosen_;
  std::string why_;
  settings values_ = default_settings();
  std::map<std::string_view, std::string> origins_;
  std::set<std::string_view> failed_;
};

}  // namespace

std::expected<loaded, std::vector<mistake>> load(gathered sources) {
  return loading(std::move(sources)).run();
}

std::vector<in_force> differing(const loaded& before, const loaded& now) {
  std::vector<in_force> rows;
  for (const in_force& each : now.report) {
    const auto old = std::ranges::find(before.report, each.name, &in_force::name);
    if (old == before.report.end() || old->value != each.value) rows.push_back(each);
  }
  return rows;
}

}  // namespace keelson::config
