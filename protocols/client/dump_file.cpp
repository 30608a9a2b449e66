#include "protocols/client/dump_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <ostream>

#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <unistd.h>

#include "protocols/client/durable_file.hpp"

namespace keelson::client {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::uint64_t format = 1;

/// Between two states, each of which costs a sync.
constexpr std::uint64_t state_interval = std::uint64_t{16} << 20;

std::unexpected<error> io_failure(const fs::path& path) {
  return fail(errno == ENOSPC ? errc::storage_full : errc::store_io,
              "cannot write " + path.string() + ": " + std::strerror(errno));
}

std::string to_text(const dump_source& source, const dump_progress& at) {
  const json::object text{{"format", format},
                          {"url", source.url},
                          {"log_id", source.log_id},
                          {"epoch", source.epoch},
                          {"collection", source.collection},
                          {"prefix", source.prefix},
                          {"store", source.store},
                          {"form", source.form},
                          {"after", at.after},
                          {"documents", at.documents},
                          {"bytes", at.bytes},
                          {"from", at.from}};
  return json::serialize(text) + '\n';
}

/// Nothing if the file is no state of a dump of this source.
std::optional<dump_progress> read_state(const fs::path& path, const dump_source& wanted) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  try {
    const auto parsed = json::parse(text);
    const auto& members = parsed.as_object();
    const auto string = [&](const char* name) {
      return json::value_to<std::string>(members.at(name));
    };
    const dump_source source{string("url"),        string("log_id"), string("epoch"),
                             string("collection"), string("prefix"), string("store"),
                             string("form")};
    if (members.at("format").to_number<std::uint64_t>() != format || source != wanted)
      return std::nullopt;
    return dump_progress{string("after"), members.at("documents").to_number<std::uint64_t>(),
                         members.at("bytes").to_number<std::uint64_t>(), string("from")};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::string gzip_member(std::string_view lines) {
  std::string packed;
  boost::iostreams::filtering_ostream stream;
  stream.push(boost::iostreams::gzip_compressor());
  stream.push(boost::iostreams::back_inserter(packed));
  stream.write(lines.data(), static_cast<std::streamsize>(lines.size()));
  stream.reset();
  return packed;
}

}  // namespace

result<dump_file> dump_file::open(const std::string& file, const dump_source& source,
                                  std::ostream& out) {
  dump_file made(source, out);
  if (file == "-") return made;
  made.path_ = file;
  made.partial_ = file + ".partial";
  made.state_ = file + ".keelson-dump";
  made.compressed_ = file.ends_with(".gz");
  std::error_code unknown;
  if (fs::exists(made.path_, unknown))
    return fail(errc::invalid_parameter, file + " is there already; move it away first");
  const auto partial_size = fs::file_size(made.partial_, unknown);
  auto earlier = read_state(made.state_, source);
  const bool goes_on = earlier && !unknown && partial_size >= earlier->bytes;
  made.file_.reset(std::fopen(made.partial_.c_str(), goes_on ? "r+be" : "wbe"));
  if (!made.file_) return io_failure(made.partial_);
  if (goes_on) {
    const auto size = static_cast<off_t>(earlier->bytes);
    if (::ftruncate(::fileno(made.file_.get()), size) != 0 ||
        ::fseeko(made.file_.get(), size, SEEK_SET) != 0)
      return io_failure(made.partial_);
    made.progress_ = std::move(*earlier);
    made.kept_bytes_ = made.progress_.bytes;
  }
  return made;
}

result<void> dump_file::add(std::string_view lines, dump_progress now) {
  if (!file_) {
    out_->write(lines.data(), static_cast<std::streamsize>(lines.size()));
    if (!*out_) return fail(errc::store_io, "nobody takes the output any more");
    now.bytes = progress_.bytes + lines.size();
    progress_ = std::move(now);
    return {};
  }
  std::string packed;
  if (compressed_) packed = gzip_member(lines);
  const auto bytes = compressed_ ? std::string_view(packed) : lines;
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size())
    return io_failure(partial_);
  now.bytes = progress_.bytes + bytes.size();
  progress_ = std::move(now);
  if (progress_.bytes - kept_bytes_ < state_interval) return {};
  return keep();
}

result<void> dump_file::keep() {
  if (!file_) return {};
  if (std::fflush(file_.get()) != 0 || ::fdatasync(::fileno(file_.get())) != 0)
    return io_failure(partial_);
  kept_bytes_ = progress_.bytes;
  return replace_durably(state_, to_text(source_, progress_));
}

result<void> dump_file::finish() {
  if (!file_) {
    out_->flush();
    return *out_ ? result<void>() : fail(errc::store_io, "nobody takes the output any more");
  }
  if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0 ||
      std::rename(partial_.c_str(), path_.c_str()) != 0)
    return io_failure(partial_);
  std::error_code ignored;
  fs::remove(state_, ignored);
  return {};
}

}  // namespace keelson::client
