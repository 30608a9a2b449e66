#include "backends/files/files_engine.hpp"

#include <memory>
#include <utility>

#include "backends/admission.hpp"
#include "backends/file_lock.hpp"
#include "backends/files/files_place.hpp"
#include "backends/files/folder_kv.hpp"
#include "backends/folders.hpp"
#include "backends/location.hpp"
#include "backends/mark_text.hpp"
#include "backends/ordered_kv/kv_store.hpp"

namespace keelson::backends::files {

namespace {

constexpr capabilities abilities{
    .durable = true, .transactional = true, .snapshots = true, .ordered_scan = true};

result<place> inspect(const store_location& location) {
  const auto folder = file_path(location);
  if (!folder) return std::unexpected(folder.error());
  return look_at(*folder);
}

result<place> admitted_at(const std::filesystem::path& folder, const ownership& owner,
                          foreign_policy policy) {
  auto found = look_at(folder);
  if (!found) return found;
  auto right = admit(folder.string(), *found, owner, policy, foreign_data::mixed);
  if (!right) return pass_on(std::move(right));
  return found;
}

result<std::shared_ptr<store>> open(const store_location& location, const ownership& owner,
                                    foreign_policy policy, std::string_view first_epoch) {
  if (owner.role == store_role::primary) {
    return fail(errc::not_supported, "a file: store can be a secondary only");
  }
  const auto folder = file_path(location);
  if (!folder) return std::unexpected(folder.error());
  // Once before the lock, whose file must not appear in what is not ours, once under it.
  auto found = admitted_at(*folder, owner, policy);
  if (!found) return pass_on(std::move(found));
  if (auto made = make_folder(own_folder(*folder)); !made) return pass_on(std::move(made));
  auto lock = file_lock::acquire(lock_place(*folder));
  if (!lock) return pass_on(std::move(lock));
  found = admitted_at(*folder, owner, policy);
  if (!found) return pass_on(std::move(found));

  const bool fresh = found->what == place::kind::empty;
  auto kv = folder_kv::open(*folder, *std::move(lock), fresh);
  if (!kv) return pass_on(std::move(kv));
  auto opened = ordered_kv::open_store(*std::move(kv), abilities, folder->string(), owner, policy,
                                       first_epoch);
  if (opened && (fresh || found->owner != owner)) {
    auto marked = mark_text{.owner = owner}.write(mark_file(*folder));
    if (!marked) return pass_on(std::move(marked));
  }
  return opened;
}

}  // namespace

const engine& files_engine() {
  static constexpr engine self{
      .scheme = "file",
      .url_form = "file:FOLDER",
      .description =
          "a JSON file a collection for editors and jq, at most 10,000 documents or 16 "
          "MiB each",
      .abilities = abilities,
      .inspect = &inspect,
      .open = &open};
  return self;
}

}  // namespace keelson::backends::files
