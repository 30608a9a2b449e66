#include "backends/redis/reply.hpp"

#include <utility>

namespace keelson::backends::redis {

namespace {

constexpr int most_items = 16 << 20;

/// Where the object that is read goes: into the list that it is part of, or to the root.
reply* place_of(const redisReadTask* task) {
  if (task->parent == nullptr) {
    auto* const root = static_cast<reply*>(task->privdata);
    *root = reply{};
    return root;
  }
  return &static_cast<reply*>(task->parent->obj)->items[static_cast<std::size_t>(task->idx)];
}

void* make_text(const redisReadTask* task, char* text, std::size_t size) {
  auto* const made = place_of(task);
  made->what = task->type == REDIS_REPLY_ERROR ? reply::kind::failure : reply::kind::text;
  made->text.assign(text, size);
  return made;
}

void* make_list(const redisReadTask* task, int size) {
  if (size > most_items) return nullptr;
  auto* const made = place_of(task);
  made->what = reply::kind::list;
  made->items.resize(static_cast<std::size_t>(size));
  return made;
}

void* make_number(const redisReadTask* task, long long number) {
  auto* const made = place_of(task);
  made->what = reply::kind::number;
  made->number = number;
  return made;
}

void* make_nil(const redisReadTask* task) {
  return place_of(task);
}

/// What was half read is let go when the next reply begins.
void let_go(void*) {}

redisReplyObjectFunctions makers{.createString = &make_text,
                                 .createArray = &make_list,
                                 .createInteger = &make_number,
                                 .createNil = &make_nil,
                                 .freeObject = &let_go};

std::string_view code_in(std::string_view text) {
  return text.substr(0, text.find(' '));
}

}  // namespace

std::optional<std::string_view> reply::text_at(std::size_t item) const {
  if (item >= items.size() || items[item].what != kind::text) return std::nullopt;
  return items[item].text;
}

error to_error(const reply& refusal) {
  const auto code = code_in(refusal.text);
  std::string detail = "Redis refused: " + refusal.text;
  if (code == "OOM") return {.code = errc::storage_full, .detail = std::move(detail)};
  const bool later = code == "LOADING" || code == "BUSY" || code == "MASTERDOWN" ||
                     code == "WRONGPASS" || code == "NOAUTH" || code == "NOPERM" ||
                     code == "READONLY" || code == "MISCONF" || code == "DENIED";
  return {.code = later ? errc::unavailable : errc::store_io, .detail = std::move(detail)};
}

reply_reader::reply_reader() : reader_(redisReaderCreateWithFunctions(&makers)) {
  reader_->privdata = root_.get();
}

result<void> reply_reader::feed(std::span<const char> bytes) {
  if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) == REDIS_OK) return {};
  return fail(errc::store_io, std::string("cannot read what Redis sent: ") + reader_->errstr);
}

result<std::optional<reply>> reply_reader::next() {
  void* whole = nullptr;
  if (redisReaderGetReply(reader_.get(), &whole) != REDIS_OK) {
    return fail(errc::store_io, std::string("cannot read what Redis sent: ") + reader_->errstr);
  }
  if (whole == nullptr) return std::optional<reply>();
  return std::optional<reply>(std::move(*root_));
}

}  // namespace keelson::backends::redis
