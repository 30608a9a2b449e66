#include "protocols/client/line_reader.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <istream>

#include <boost/core/ref.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_streambuf.hpp>

namespace keelson::client {

namespace io = boost::iostreams;

namespace {

constexpr std::size_t block_bytes = 64UL << 10;

bool begins_as_gzip(std::istream& from) {
  std::array<char, 2> magic{};
  from.read(magic.data(), magic.size());
  const bool found = from.gcount() == 2 && magic[0] == '\x1f' && magic[1] == '\x8b';
  from.clear();
  from.seekg(0);
  return found;
}

}  // namespace

class line_reader::state {
 public:
  state(std::unique_ptr<std::ifstream> file, std::istream& from, std::size_t longest)
      : file_(std::move(file)), from_(from), longest_(longest) {}

  void unpack() {
    unpacked_.push(io::gzip_decompressor());
    unpacked_.push(boost::ref(from_));
    source_ = &unpacked_;
  }

  void size_is(std::uint64_t bytes) { size_ = bytes; }

  result<std::optional<text_line>> next() {
    line_.clear();
    bool too_long = false;
    for (;;) {
      if (at_ == filled_) {
        if (auto read = refill(); !read) return pass_on(std::move(read));
        if (filled_ == 0) break;
      }
      const auto begin = block_.begin() + static_cast<std::ptrdiff_t>(at_);
      const auto end = block_.begin() + static_cast<std::ptrdiff_t>(filled_);
      const auto found = std::find(begin, end, '\n');
      const auto taken = static_cast<std::size_t>(found - begin);
      const auto room = longest_ - std::min(longest_, line_.size());
      too_long = too_long || taken > room;
      line_.append(begin, begin + static_cast<std::ptrdiff_t>(std::min(taken, room)));
      at_ += taken + (found == end ? 0 : 1);
      offset_ += taken + (found == end ? 0 : 1);
      begun_ = true;
      if (found != end) break;
    }
    if (!begun_) return std::nullopt;
    begun_ = false;
    return text_line{++number_, offset_, line_, too_long};
  }

  result<void> skip(std::uint64_t lines, std::uint64_t offset) {
    while (offset_ < offset) {
      if (at_ == filled_) {
        if (auto read = refill(); !read) return pass_on(std::move(read));
        if (filled_ == 0) return fail(errc::store_io, "the file is shorter than it was");
      }
      const auto step = std::min<std::uint64_t>(filled_ - at_, offset - offset_);
      at_ += static_cast<std::size_t>(step);
      offset_ += step;
    }
    number_ = lines;
    return {};
  }

  [[nodiscard]] double fraction() const {
    if (size_ == 0) return -1;
    const auto at = from_.tellg();
    return at < 0 ? 1 : static_cast<double>(at) / static_cast<double>(size_);
  }

 private:
  /// Fills the block; leaves it empty at the end.
  result<void> refill() {
    at_ = filled_ = 0;
    try {
      auto* const buffer = source_ != nullptr ? source_ : from_.rdbuf();
      const auto got = buffer->sgetn(block_.data(), static_cast<std::streamsize>(block_.size()));
      filled_ = static_cast<std::size_t>(std::max<std::streamsize>(got, 0));
      if (filled_ == 0 && source_ != nullptr) finish_unpacking();
    } catch (const std::exception& failed) {
      return fail(errc::store_io, "reading stops after line " + std::to_string(number_) +
                                      ": damaged or cut off (" + failed.what() + ")");
    }
    return {};
  }

  /// At the end of the packed bytes the decompressor says whether its own end had come.
  void finish_unpacking() {
    unpacked_.reset();
    source_ = from_.rdbuf();
  }

  std::unique_ptr<std::ifstream> file_;
  std::istream& from_;
  io::filtering_streambuf<io::input> unpacked_;
  std::streambuf* source_ = nullptr;
  std::array<char, block_bytes> block_{};
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
  std::string line_;
  std::size_t longest_;
  std::uint64_t number_ = 0;
  std::uint64_t offset_ = 0;
  std::uint64_t size_ = 0;
  bool begun_ = false;
};

result<line_reader> line_reader::open(const std::string& path, std::size_t longest) {
  auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (!file->is_open() || failed) {
    const auto why = failed ? failed.message() : std::string(std::strerror(errno));
    return fail(errc::invalid_parameter, "cannot read " + path + ": " + why);
  }
  const bool packed = begins_as_gzip(*file);
  auto& stream = *file;
  auto made = std::make_unique<state>(std::move(file), stream, longest);
  if (packed) made->unpack();
  made->size_is(size);
  return line_reader(std::move(made));
}

line_reader line_reader::over(std::istream& from, std::size_t longest) {
  return line_reader(std::make_unique<state>(nullptr, from, longest));
}

line_reader::line_reader(std::unique_ptr<state> made) : state_(std::move(made)) {}
line_reader::line_reader(line_reader&&) noexcept = default;
line_reader& line_reader::operator=(line_reader&&) noexcept = default;
line_reader::~line_reader() = default;

result<std::optional<text_line>> line_reader::next() {
  return state_->next();
}

result<void> line_reader::skip(std::uint64_t lines, std::uint64_t offset) {
  return state_->skip(lines, offset);
}

double line_reader::fraction() const {
  return state_->fraction();
}

}  // namespace keelson::client
