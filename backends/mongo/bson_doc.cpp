#include "backends/mongo/bson_doc.hpp"

namespace keelson::backends::mongo {

std::string_view bson_members::text(const char* name) const {
  bson_iter_t at;
  if (!bson_iter_init_find(&at, of_, name) || !BSON_ITER_HOLDS_UTF8(&at)) return {};
  std::uint32_t size = 0;
  const char* const data = bson_iter_utf8(&at, &size);
  return {data, size};
}

std::string_view bson_members::bytes(const char* name) const {
  bson_iter_t at;
  if (!bson_iter_init_find(&at, of_, name) || !BSON_ITER_HOLDS_BINARY(&at)) return {};
  bson_subtype_t subtype{};
  std::uint32_t size = 0;
  const std::uint8_t* data = nullptr;
  bson_iter_binary(&at, &subtype, &size, &data);
  return {reinterpret_cast<const char*>(data), size};
}

std::uint64_t bson_members::number(const char* name) const {
  bson_iter_t at;
  if (!bson_iter_init_find(&at, of_, name)) return 0;
  return static_cast<std::uint64_t>(bson_iter_as_int64(&at));
}

bool bson_members::flag(const char* name) const {
  bson_iter_t at;
  return bson_iter_init_find(&at, of_, name) && bson_iter_as_bool(&at);
}

bool bson_members::object(const char* name, bson_t& out) const {
  bson_iter_t at;
  if (!bson_iter_init_find(&at, of_, name) || !BSON_ITER_HOLDS_DOCUMENT(&at)) return false;
  std::uint32_t size = 0;
  const std::uint8_t* data = nullptr;
  bson_iter_document(&at, &size, &data);
  return bson_init_static(&out, data, size);
}

}  // namespace keelson::backends::mongo
