#include "config/profile.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "config/units.hpp"

namespace keelson::config {

namespace {

constexpr std::string_view embedded_primary = "sqlite:primary.db";
constexpr std::string_view embedded_secondary = "kv=rocksdb:kv";

/// A store that a variable names.
struct offer {
  std::string_view variable;
  std::string_view url;
};

class planning {
 public:
  planning(const surroundings& around, const std::optional<std::string>& primary)
      : around_(around), primary_(primary) {}

  result<profile_plan> run(store_profile wanted) {
    choose(wanted);
    if (plan_.chosen == store_profile::none) return std::move(plan_);
    if (auto named = name_primary(); !named) return pass_on(std::move(named));
    name_secondaries();
    return std::move(plan_);
  }

 private:
  void choose(store_profile wanted) {
    plan_.chosen = wanted;
    if (wanted != store_profile::automatic) return;
    std::string set;
    for (const auto& [variable, url] :
         {offer{"DATABASE_URL", around_.database_url}, offer{"REDIS_URL", around_.redis_url},
          offer{"MONGODB_URL", around_.mongodb_url}}) {
      if (!url.empty()) set.append(set.empty() ? "" : ", ").append(variable);
    }
    const bool contained = !around_.container.empty();
    const auto place =
        contained ? "in a container (" + around_.container + ")" : std::string("in no container");
    if (set.empty()) {
      plan_.chosen = store_profile::local;
      plan_.why = place + ", and neither DATABASE_URL, REDIS_URL nor MONGODB_URL is set";
      return;
    }
    const bool has_primary = primary_ || !primary_offer().url.empty();
    plan_.chosen = contained && has_primary ? store_profile::remote : store_profile::hybrid;
    plan_.why = place + ", with " + set;
  }

  [[nodiscard]] offer primary_offer() const {
    if (!around_.database_url.empty()) return {"DATABASE_URL", around_.database_url};
    return {"MONGODB_URL", around_.mongodb_url};
  }

  result<void> name_primary() {
    if (primary_) {
      taken_ = *primary_;
      return {};
    }
    const auto offered = primary_offer();
    if (plan_.chosen != store_profile::local && !offered.url.empty()) {
      taken_ = offered.url;
      give("primary.url", {std::string(offered.url)}, offered.variable);
      return {};
    }
    if (plan_.chosen == store_profile::remote) {
      return fail(errc::invalid_parameter,
                  "the profile remote takes its primary from DATABASE_URL or MONGODB_URL, and "
                  "neither is set; set one, or primary.url");
    }
    give("primary.url", {std::string(embedded_primary)}, "");
    return {};
  }

  void name_secondaries() {
    std::vector<std::string> items;
    std::string from;
    if (plan_.chosen != store_profile::remote) items.emplace_back(embedded_secondary);
    if (plan_.chosen != store_profile::local) {
      for (const auto& [name, each] :
           {std::pair{"redis=", offer{"REDIS_URL", around_.redis_url}},
            std::pair{"mongodb=", offer{"MONGODB_URL", around_.mongodb_url}}}) {
        if (each.url.empty() || each.url == taken_) continue;
        items.push_back(name + std::string(each.url));
        from.append(from.empty() ? "" : ", ").append(each.variable);
      }
    }
    give("secondaries", std::move(items), from);
  }

  void give(std::string_view name, std::vector<std::string> items, std::string_view variable) {
    auto from = "profile " + std::string(to_string(plan_.chosen));
    if (!variable.empty()) from = std::string(variable) + " (" + from + ")";
    plan_.values.push_back({.which = find_setting(name),
                            .items = std::move(items),
                            .from = {source::profile, std::move(from)}});
  }

  const surroundings& around_;
  const std::optional<std::string>& primary_;
  std::string_view taken_;
  profile_plan plan_;
};

}  // namespace

std::string container_sign(const environment& variables, const std::filesystem::path& root) {
  const auto kubernetes =
      std::ranges::find(variables, "KUBERNETES_SERVICE_HOST", &environment::value_type::first);
  if (kubernetes != variables.end() && !kubernetes->second.empty()) return kubernetes->first;
  std::error_code unknown;
  for (const auto* const file : {".dockerenv", "run/.containerenv"}) {
    if (std::filesystem::exists(root / file, unknown)) return std::string("/") + file;
  }
  std::ifstream in(root / "proc/1/cgroup");
  const std::string groups(std::istreambuf_iterator<char>(in), {});
  constexpr std::array<std::string_view, 5> runtimes{"docker", "kubepods", "containerd", "libpod",
                                                     "lxc"};
  const auto named = std::ranges::find_if(
      runtimes, [&groups](auto word) { return groups.find(word) != groups.npos; });
  return named == runtimes.end() ? "" : "/proc/1/cgroup names " + std::string(*named);
}

result<profile_plan> plan_of(store_profile wanted, const surroundings& around,
                             const std::optional<std::string>& primary) {
  return planning(around, primary).run(wanted);
}

}  // namespace keelson::config
