#include "backends/files/folder_kv.hpp"

#include <array>
#include <system_error>
#include <utility>

#include "backends/files/collection_text.hpp"
#include "backends/files/files_place.hpp"
#include "backends/folders.hpp"
#include "backends/memory/backup_file.hpp"
#include "backends/ordered_kv/codec.hpp"
#include "backends/ordered_kv/keys.hpp"

namespace keelson::backends::files {

namespace {

namespace fs = std::filesystem;
using namespace ordered_kv;

/// In front of the keys of a journal.
constexpr char is_put = 'p';
constexpr char is_removed = 'r';

fs::path state_file(const fs::path& folder) {
  return own_folder(folder) / "state";
}
fs::path journal_file(const fs::path& folder) {
  return own_folder(folder) / "journal";
}

key_range rows_of_collection(const std::string& name) {
  return range_of({.collection = name});
}

std::optional<std::string> collection_of(std::string_view key) {
  auto id = parse_document_key(key);
  if (!id) return std::nullopt;
  return id->collection.text();
}

/// Of a reader that could not look at the files.
class failed_view final : public kv_view {
 public:
  explicit failed_view(error why) : why_(std::move(why)) {}
  result<void> get(std::span<const std::string_view>, const value_sink&) override {
    return std::unexpected(why_);
  }
  result<void> visit(const key_range&, direction, const pair_visitor&) override {
    return std::unexpected(why_);
  }

 private:
  error why_;
};

}  // namespace

class folder_kv::batch_of_changes final : public kv_batch {
 public:
  void clear() override { all.clear(); }
  void put(std::string_view key, std::string_view value) override {
    all[std::string(key)] = std::string(value);
  }
  void remove(std::string_view key) override { all[std::string(key)] = std::nullopt; }

  changes all;
};

folder_kv::folder_kv(const fs::path& folder, file_lock lock)
    : folder_(folder), lock_(std::move(lock)), files_(folder) {}

result<std::shared_ptr<folder_kv>> folder_kv::open(const fs::path& folder, file_lock lock,
                                                   bool fresh) {
  std::shared_ptr<folder_kv> made(new folder_kv(folder, std::move(lock)));
  const std::scoped_lock alone(made->mutex_);
  auto loaded = made->load_own(fresh);
  if (loaded) loaded = made->refresh();
  if (loaded && !made->unsynced_.empty()) loaded = made->fold();
  if (loaded) return made;
  made->failed_ = true;
  return pass_on(std::move(loaded));
}

folder_kv::~folder_kv() {
  if (!failed_) static_cast<void>(sync_all());
}

/// Our own rows, and what a journal has to say.
result<void> folder_kv::load_own(bool fresh) {
  std::error_code failure;
  if (fresh) {
    fs::remove(state_file(folder_), failure);
    fs::remove(journal_file(folder_), failure);
    return {};
  }
  if (!fs::exists(state_file(folder_), failure)) {
    return fail(errc::store_corrupt,
                state_file(folder_).string() +
                    " is missing; put it back, or move the folder away to have it filled anew");
  }
  const auto state = memory::read_backup(state_file(folder_));
  if (!state) return std::unexpected(state.error());
  const auto journal = memory::read_backup(journal_file(folder_));
  if (!journal) return std::unexpected(journal.error());
  changes own;
  const auto keep = [&own](std::string_view key, std::string_view value) -> result<step> {
    own[std::string(key)] = std::string(value);
    return step::go_on;
  };
  const auto redo = [this](std::string_view key, std::string_view value) -> result<step> {
    auto& row = unsynced_[std::string(key.substr(1))];
    if (key.front() == is_put) row = std::string(value);
    return step::go_on;
  };
  auto walked = memory::walk(*state, {}, direction::forward, keep);
  if (walked) walked = memory::walk(*journal, {}, direction::forward, redo);
  if (!walked) return pass_on(std::move(walked));
  for (const auto& [key, value] : unsynced_) own[key] = value;
  return take(own, usage_);
}

/// Into memory, and into what the collections hold.
result<void> folder_kv::take(const changes& these, collection_usage& usage) {
  const auto before = rows_.root();
  const auto bytes = [](const document_id& id, std::string_view record) -> result<std::size_t> {
    auto read = decode_document(id, record);
    if (!read) return pass_on(std::move(read));
    return line_bytes(id.key.text(), read->value);
  };
  const auto next = rows_.new_batch();
  for (const auto& [key, value] : these) {
    value ? next->put(key, *value) : next->remove(key);
    auto id = parse_document_key(key);
    if (!id) continue;
    std::array<std::optional<std::size_t>, 2> sizes;
    const auto* const old = memory::find(before, key);
    const std::array<std::optional<std::string_view>, 2> records{
        old != nullptr ? std::optional<std::string_view>(old->value) : std::nullopt,
        value ? std::optional<std::string_view>(*value) : std::nullopt};
    for (std::size_t i = 0; i < 2; ++i) {
      if (!records[i]) continue;
      const auto size = bytes(*id, *records[i]);
      if (!size) return std::unexpected(size.error());
      sizes[i] = *size;
    }
    usage.change(id->collection.text(), sizes[0], sizes[1]);
  }
  if (&usage != &usage_) {
    if (auto fits = usage.check_since(usage_); !fits) return fits;
    usage_ = std::move(usage);
  }
  return rows_.write(*next, write_mode::unsynced);
}

/// Reads again what somebody else changed.
result<void> folder_kv::refresh() {
  const auto now = files_.look();
  if (!now) return std::unexpected(now.error());
  if (*now == known_) return {};
  std::set<std::string> changed;
  for (const auto& [name, state] : *now) {
    const auto old = known_.find(name);
    if (old == known_.end() || old->second != state) changed.insert(name);
  }
  for (const auto& [name, state] : known_) {
    if (!now->contains(name)) changed.insert(name);
  }
  for (const auto& name : changed) {
    if (auto loaded = reload(name); !loaded) return loaded;
  }
  // A file that was set aside is not there any more.
  known_ = *now;
  for (const auto& name : changed) {
    if (!fs::exists(folder_ / (name + ".json"))) known_.erase(name);
  }
  return {};
}

result<void> folder_kv::reload(const std::string& collection) {
  const auto documents = files_.load(collection);
  if (!documents) return std::unexpected(documents.error());
  changes these;
  const auto remove = [&these](std::string_view key, std::string_view) -> result<step> {
    these[std::string(key)] = std::nullopt;
    return step::go_on;
  };
  const auto range = rows_of_collection(collection);
  auto walked = memory::walk(rows_.root(), range, direction::forward, remove);
  if (!walked) return pass_on(std::move(walked));
  for (const auto& each : *documents) {
    std::string key;
    append_document_key(key, each.id);
    encode_document(these[std::move(key)].emplace(), row_of(each));
  }
  for (auto at = unsynced_.lower_bound(range.first); at != unsynced_.end(); ++at) {
    if (collection_of(at->first) != collection) break;
    these[at->first] = at->second;
  }
  return take(these, usage_);
}

std::unique_ptr<kv_view> folder_kv::snapshot() {
  const std::scoped_lock alone(mutex_);
  if (auto seen = refresh(); !seen) return std::make_unique<failed_view>(seen.error());
  return rows_.snapshot();
}

std::unique_ptr<kv_batch> folder_kv::new_batch() {
  return std::make_unique<batch_of_changes>();
}

result<void> folder_kv::write(kv_batch& batch, write_mode mode) {
  const std::scoped_lock alone(mutex_);
  const auto& these = static_cast<const batch_of_changes&>(batch).all;
  auto usage = usage_;
  if (auto taken = take(these, usage); !taken) return taken;
  for (const auto& [key, value] : these) unsynced_[key] = value;
  return mode == write_mode::synced ? sync_all() : result<void>();
}

result<void> folder_kv::sync() {
  const std::scoped_lock alone(mutex_);
  return sync_all();
}

result<void> folder_kv::sync_all() {
  if (failed_) return fail(errc::store_io, "writing files failed: the store has to be opened anew");
  if (unsynced_.empty()) return {};
  auto done = still_ours();
  if (done) done = refresh();
  if (done) done = write_journal();
  if (done) done = fold();
  if (!done && done.error().code != errc::storage_full) failed_ = true;
  return done;
}

/// Files are written by their names, which may lead into another folder by now.
result<void> folder_kv::still_ours() const {
  if (lock_.is_beside(lock_place(folder_))) return {};
  return fail(errc::store_io, folder_.string() + " was removed or replaced while it was open");
}

result<void> folder_kv::write_journal() const {
  memory::tree journal;
  for (const auto& [key, value] : unsynced_) {
    const auto marked = (value ? is_put : is_removed) + key;
    journal = memory::with(journal, memory::make_entry(marked, value.value_or("")));
  }
  return memory::write_backup(journal_file(folder_), journal);
}

result<std::vector<document>> folder_kv::documents_of(const std::string& collection) {
  std::vector<document> documents;
  const auto keep = [&](std::string_view key, std::string_view record) -> result<step> {
    auto id = parse_document_key(key);
    if (!id) return pass_on(std::move(id));
    auto read = decode_document(*std::move(id), record);
    if (!read) return pass_on(std::move(read));
    documents.push_back(*std::move(read));
    return step::go_on;
  };
  auto walked =
      memory::walk(rows_.root(), rows_of_collection(collection), direction::forward, keep);
  if (!walked) return pass_on(std::move(walked));
  return documents;
}

/// What the journal says, into the files; doing it again does no harm.
result<void> folder_kv::fold() {
  std::set<std::string> changed;
  for (const auto& [key, value] : unsynced_) {
    if (auto name = collection_of(key)) changed.insert(*std::move(name));
  }
  for (const auto& name : changed) {
    const auto documents = documents_of(name);
    if (!documents) return std::unexpected(documents.error());
    const auto saved = files_.save(name, *documents);
    if (!saved) return std::unexpected(saved.error());
    if (*saved) {
      known_[name] = **saved;
    } else {
      known_.erase(name);
    }
  }
  memory::tree own;
  for (const auto key : {owner_key, secondary_key}) {
    if (const auto* const row = memory::find(rows_.root(), key)) {
      own = memory::with(own, memory::make_entry(key, row->value));
    }
  }
  if (auto saved = memory::write_backup(state_file(folder_), own); !saved) return saved;
  std::error_code failure;
  fs::remove(journal_file(folder_), failure);
  if (failure) return fail(errc::store_io, "cannot remove the journal: " + failure.message());
  if (auto synced = sync_folder(own_folder(folder_)); !synced) return synced;
  unsynced_.clear();
  return {};
}

}  // namespace keelson::backends::files
