#include "protocols/model/hash.hpp"

#include <bit>
#include <cstring>
#include <memory>

#include <openssl/evp.h>

namespace keelson {

namespace {

/// Fetched once: in OpenSSL 3 an implicit fetch costs more than hashing a small document.
const EVP_MD* sha256() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}

EVP_MD_CTX* context_of(void* raw) {
  return static_cast<EVP_MD_CTX*>(raw);
}

field_hasher& thread_hasher() {
  thread_local field_hasher hasher;
  return hasher;
}

}  // namespace

std::string hash256::hex() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

result<hash256> hash256::from_bytes(std::string_view raw) {
  hash256 hash;
  if (raw.size() != hash.bytes.size()) {
    return fail(errc::store_corrupt, "a stored hash has " + std::to_string(raw.size()) + " bytes");
  }
  std::memcpy(hash.bytes.data(), raw.data(), raw.size());
  return hash;
}

field_hasher::field_hasher() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex2(context_of(context_), sha256(), nullptr);
}

field_hasher::~field_hasher() {
  EVP_MD_CTX_free(context_of(context_));
}

field_hasher& field_hasher::number(std::uint64_t field) {
  static_assert(std::endian::native == std::endian::little);
  EVP_DigestUpdate(context_of(context_), &field, sizeof field);
  return *this;
}

field_hasher& field_hasher::text(std::string_view field) {
  number(field.size());
  EVP_DigestUpdate(context_of(context_), field.data(), field.size());
  return *this;
}

hash256 field_hasher::finish() {
  hash256 hash;
  EVP_DigestFinal_ex(context_of(context_), hash.bytes.data(), nullptr);
  EVP_DigestInit_ex2(context_of(context_), sha256(), nullptr);
  return hash;
}

hash256 hash_value(std::string_view canonical) {
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), EVP_MD_CTX_free);
  hash256 hash;
  EVP_DigestInit_ex2(context.get(), sha256(), nullptr);
  EVP_DigestUpdate(context.get(), canonical.data(), canonical.size());
  EVP_DigestFinal_ex(context.get(), hash.bytes.data(), nullptr);
  return hash;
}

hash256 hash_document(const document_id& id, version version, std::string_view meta,
                      const hash256& value_hash) {
  return thread_hasher()
      .text(id.collection.text())
      .text(id.key.text())
      .number(version.value)
      .text(meta)
      .text(value_hash.view())
      .finish();
}

}  // namespace keelson
