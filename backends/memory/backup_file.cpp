#include "backends/memory/backup_file.hpp"

#include <array>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>

#include "backends/whole_file.hpp"
#include "protocols/model/hash.hpp"

namespace keelson::backends::memory {

namespace {

constexpr std::string_view magic = "keelson memory 1\n";
constexpr char pair_follows = 1;
constexpr char no_more = 0;
/// More than any value has by the largest setting, with its log record: a larger size is damage.
constexpr std::uint32_t most_bytes = std::uint32_t{512} << 20;

template <class Number>
void append(std::string& out, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i) {
    out.push_back(static_cast<char>(number >> (8 * i) & 0xff));
  }
}

class backup_reader {
 public:
  explicit backup_reader(const std::filesystem::path& path)
      : path_(path), in_(path, std::ios::binary) {}

  result<tree> run() {
    if (!in_) return fail(errc::store_io, "cannot read " + path_.string());
    if (text(magic.size()) != magic) return damaged("is not a backup of this format");
    tree root;
    std::uint64_t count = 0;
    field_hasher hasher;
    std::string key;
    std::string value;
    for (; number<std::uint8_t>() == pair_follows; ++count) {
      const auto key_size = number<std::uint32_t>();
      const auto value_size = number<std::uint32_t>();
      if (!in_ || key_size > most_bytes || value_size > most_bytes) return damaged("is damaged");
      key = text(key_size);
      value = text(value_size);
      if (!in_) return damaged("is cut off");
      hasher.text(key).text(value);
      root = with(root, make_entry(key, value));
    }
    const bool counted = number<std::uint64_t>() == count;
    const auto sum = text(sizeof(hash256));
    if (!in_ || !counted || sum != hasher.finish().view()) return damaged("is damaged");
    return root;
  }

 private:
  std::string text(std::size_t size) {
    std::string out(size, '\0');
    in_.read(out.data(), static_cast<std::streamsize>(size));
    return out;
  }

  template <class Number>
  Number number() {
    const auto bytes = text(sizeof(Number));
    Number out = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
      out |=
          static_cast<Number>(static_cast<Number>(static_cast<unsigned char>(bytes[i])) << (8 * i));
    }
    return out;
  }

  std::unexpected<error> damaged(const char* how) const {
    return fail(errc::store_corrupt,
                path_.string() + " " + how +
                    "; put a good copy in its place, or move it away to begin with nothing");
  }

  const std::filesystem::path& path_;
  std::ifstream in_;
};

}  // namespace

result<tree> read_backup(const std::filesystem::path& path) {
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown) && !unknown) return tree();
  return backup_reader(path).run();
}

result<void> write_backup(const std::filesystem::path& path, const tree& root) {
  auto file = whole_file::begin(path);
  if (!file) return pass_on(std::move(file));
  if (auto begun = file->write(magic); !begun) return begun;
  std::uint64_t count = 0;
  field_hasher hasher;
  std::string head;
  const auto write_pair = [&](std::string_view key,
                              std::string_view value) -> result<ordered_kv::step> {
    ++count;
    hasher.text(key).text(value);
    head.assign(1, pair_follows);
    append(head, static_cast<std::uint32_t>(key.size()));
    append(head, static_cast<std::uint32_t>(value.size()));
    for (const auto part : {std::string_view(head), key, value}) {
      if (auto written = file->write(part); !written) return pass_on(std::move(written));
    }
    return ordered_kv::step::go_on;
  };
  auto walked = walk(root, {}, ordered_kv::direction::forward, write_pair);
  if (!walked) return pass_on(std::move(walked));
  head.assign(1, no_more);
  append(head, count);
  head += hasher.finish().view();
  if (auto ended = file->write(head); !ended) return ended;
  return file->finish();
}

}  // namespace keelson::backends::memory
