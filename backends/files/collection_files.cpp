#include "backends/files/collection_files.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include "backends/files/collection_text.hpp"
#include "backends/files/files_place.hpp"
#include "backends/folders.hpp"
#include "backends/memory/backup_file.hpp"
#include "backends/ordered_kv/codec.hpp"
#include "backends/ordered_kv/keys.hpp"
#include "backends/whole_file.hpp"
#include "protocols/model/log_text.hpp"

namespace keelson::backends::files {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".json";

std::unexpected<error> cannot(std::string_view what, const fs::path& path, const char* why) {
  return fail(errc::store_io, "cannot " + std::string(what) + " " + path.string() + ": " + why);
}

result<std::optional<std::string>> bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in && errno == ENOENT) return std::nullopt;
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (!in.is_open() || in.bad()) return cannot("read", file, std::strerror(errno));
  return bytes;
}

collection_files::state state_of(const struct stat& seen) {
  constexpr std::int64_t second = 1'000'000'000;
  return {seen.st_ino, static_cast<std::uint64_t>(seen.st_size),
          seen.st_mtim.tv_sec * second + seen.st_mtim.tv_nsec};
}

result<collection_files::state> replace(const fs::path& file, std::string_view bytes) {
  auto out = whole_file::begin(file);
  if (!out) return pass_on(std::move(out));
  auto done = out->write(bytes);
  if (done) done = out->sync();
  if (!done) return pass_on(std::move(done));
  struct stat written {};
  if (::fstat(out->descriptor(), &written) != 0) {
    return cannot("look at", file, std::strerror(errno));
  }
  if (done = out->finish(); !done) return pass_on(std::move(done));
  return state_of(written);
}

/// Keeps what is damaged under another name, where nothing is written any more.
result<void> set_aside(const fs::path& file, std::string_view why) {
  fs::path aside;
  for (int number = 0; number == 0 || fs::exists(aside); ++number) {
    aside = file;
    aside += ".damaged";
    if (number > 0) aside += "-" + std::to_string(number);
  }
  std::error_code failure;
  fs::rename(file, aside, failure);
  if (failure) return cannot("set aside", file, failure.message().c_str());
  spdlog::error("component=files event=set_aside file={} as={} reason={}",
                log_quoted(file.string()), log_quoted(aside.filename().string()), log_quoted(why));
  return sync_folder(file.parent_path());
}

}  // namespace

fs::path collection_files::values_of(const std::string& name) const {
  return folder_ / (name + std::string(ending));
}

fs::path collection_files::rest_of(const std::string& name) const {
  return own_folder(folder_) / (name + ".rest");
}

result<std::map<std::string, collection_files::state>> collection_files::look() const {
  std::map<std::string, state> found;
  std::error_code failure;
  fs::directory_iterator at(folder_, failure);
  for (; !failure && at != fs::directory_iterator(); at.increment(failure)) {
    auto name = at->path().filename().string();
    if (!name.ends_with(ending)) continue;
    name.resize(name.size() - ending.size());
    struct stat seen {};
    if (!collection_name::parse(name) || ::stat(at->path().c_str(), &seen) != 0) continue;
    if (!S_ISREG(seen.st_mode)) continue;
    found[std::move(name)] = state_of(seen);
  }
  if (failure) return cannot("list", folder_, failure.message().c_str());
  return found;
}

result<std::map<std::string, document>> collection_files::load_rest(const std::string& name) const {
  std::map<std::string, document> known;
  const auto take = [&](std::string_view key, std::string_view record) -> result<ordered_kv::step> {
    auto id = ordered_kv::parse_document_key(key);
    if (!id) return pass_on(std::move(id));
    auto found = ordered_kv::decode_document(*std::move(id), record);
    if (!found) return pass_on(std::move(found));
    auto text = found->id.key.text();
    known.emplace(std::move(text), *std::move(found));
    return ordered_kv::step::go_on;
  };
  const auto rest = memory::read_backup(rest_of(name));
  if (!rest && rest.error().code != errc::store_corrupt) return std::unexpected(rest.error());
  const auto walked = rest ? memory::walk(*rest, {}, ordered_kv::direction::forward, take)
                           : std::unexpected(rest.error());
  if (walked) return known;
  // Without it every version is unknown, which a comparison finds and a rebuild mends.
  auto aside = set_aside(rest_of(name), walked.error().detail);
  if (!aside) return pass_on(std::move(aside));
  return std::map<std::string, document>();
}

result<std::vector<document>> collection_files::load(const std::string& name) const {
  const auto text = bytes_of(values_of(name));
  if (!text) return std::unexpected(text.error());
  if (!*text) return std::vector<document>();
  auto values = parse_collection(**text);
  if (!values) {
    auto aside = set_aside(values_of(name), values.error().detail);
    if (!aside) return pass_on(std::move(aside));
    return std::vector<document>();
  }
  auto rest = load_rest(name);
  if (!rest) return pass_on(std::move(rest));
  std::vector<document> documents;
  documents.reserve(values->size());
  for (auto& [key, value] : *values) {
    auto& one = documents.emplace_back();
    const auto known = rest->find(key);
    if (known != rest->end()) one = std::move(known->second);
    one.id = {collection_name::trusted(name), document_key::trusted(key)};
    one.value = std::move(value);
    if (known == rest->end()) one.hash = computed_hash(one);
  }
  return documents;
}

result<std::optional<collection_files::state>> collection_files::save(
    const std::string& name, const std::vector<document>& documents) const {
  if (documents.empty()) {
    std::error_code failure;
    fs::remove(values_of(name), failure);
    if (!failure) fs::remove(rest_of(name), failure);
    if (failure) return cannot("remove", values_of(name), failure.message().c_str());
    if (auto synced = sync_folder(folder_); !synced) return pass_on(std::move(synced));
    return std::nullopt;
  }
  key_values values;
  memory::tree rest;
  std::string key;
  std::string record;
  for (const auto& each : documents) {
    values.emplace(each.id.key.text(), each.value);
    key.clear();
    record.clear();
    ordered_kv::append_document_key(key, each.id);
    auto row = row_of(each);
    row.value = {};
    ordered_kv::encode_document(record, row);
    rest = memory::with(rest, memory::make_entry(key, record));
  }
  if (auto saved = memory::write_backup(rest_of(name), rest); !saved) {
    return pass_on(std::move(saved));
  }
  auto written = replace(values_of(name), collection_text(values));
  if (!written) return pass_on(std::move(written));
  return *written;
}

}  // namespace keelson::backends::files
