#pragma once

#include <memory>
#include <string>

#include <mongoc/mongoc.h>

#include "backends/mongo/bson_doc.hpp"
#include "backends/registry.hpp"

namespace keelson::backends::mongo {

/// A database on a server or a replica set, and the connections to it; shared by threads. Every
/// call has an end, also when the server hangs: looking for a server takes 2 s at most, a
/// connection 2 s, an answer 5 s, unless the URL says otherwise.
class database {
 public:
  /// Connects to nothing yet. invalid_parameter for a URL that libmongoc does not take.
  [[nodiscard]] static result<std::shared_ptr<database>> at(const store_location& location);
  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  /// The URL without secrets.
  [[nodiscard]] const std::string& shown() const noexcept { return shown_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  friend class lease;
  database(mongoc_client_pool_t* pool, std::string name, std::string shown)
      : pool_(pool), name_(std::move(name)), shown_(std::move(shown)) {}
  mongoc_client_pool_t* pool_;
  std::string name_;
  std::string shown_;
};

/// A client of the pool for one call.
class lease {
 public:
  explicit lease(const database& from)
      : from_(&from), client_(mongoc_client_pool_pop(from.pool_)) {}
  ~lease() { mongoc_client_pool_push(from_->pool_, client_); }
  lease(const lease&) = delete;
  lease& operator=(const lease&) = delete;
  [[nodiscard]] mongoc_client_t* client() const noexcept { return client_; }
  [[nodiscard]] const database& of() const noexcept { return *from_; }

 private:
  const database* from_;
  mongoc_client_t* client_;
};

/// One collection for one call. Reads are of the primary, with read concern majority.
class table {
 public:
  table(const database& from, const char* name);
  ~table() { mongoc_collection_destroy(collection_); }
  table(const table&) = delete;
  table& operator=(const table&) = delete;
  [[nodiscard]] mongoc_collection_t* get() const noexcept { return collection_; }

 private:
  lease lease_;
  mongoc_collection_t* collection_;
};

/// How sure a write is when it was answered.
enum class surety : std::uint8_t {
  kept,       ///< by a majority
  journaled,  ///< by a majority, in their journals
};
/// Adds the write concern to a call's options.
void demand(bson_doc& options, surety how);

/// Whether an insert failed because its `_id` is taken.
[[nodiscard]] bool is_taken(const bson_error_t& why);
/// A failed write: outcome_unknown unless the server surely did nothing.
[[nodiscard]] error write_error(const database& at, const bson_error_t& why);
/// A failed read: unavailable.
[[nodiscard]] error read_error(const database& at, const bson_error_t& why);

}  // namespace keelson::backends::mongo
