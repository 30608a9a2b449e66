#pragma once

#include <span>

#include "backends/postgres/parameters.hpp"
#include "backends/store.hpp"

/// What a group writes, as the arrays of one statement. Kept from group to group, so that their
/// memory is.
namespace keelson::backends::postgres {

class row_arrays {
 public:
  void fill(std::span<const row_view> rows);
  /// Eight arrays: collection, key, version, time, hash, meta, bytes, value.
  void bind_written(parameters& to);
  [[nodiscard]] bool removes() const noexcept { return removed_keys_.size() > 0; }
  /// Two arrays: collection, key.
  void bind_removed(parameters& to);

 private:
  using type = array_parameter::type;
  array_parameter collections_{type::text};
  array_parameter keys_{type::text};
  array_parameter versions_{type::bigint};
  array_parameter times_{type::bigint};
  array_parameter hashes_{type::bytea};
  array_parameter metas_{type::bytea};
  array_parameter bytes_{type::integer};
  array_parameter values_{type::jsonb};
  array_parameter removed_collections_{type::text};
  array_parameter removed_keys_{type::text};
};

/// Sixteen arrays: the columns of the table log. NULL stands for a hash of zero bytes ("no
/// document", or no end of a commit).
class record_arrays {
 public:
  void fill(std::span<const log_record> records);
  void bind(parameters& to);

 private:
  using type = array_parameter::type;
  array_parameter sequences_{type::bigint};
  array_parameter ends_{type::boolean};
  array_parameter chains_{type::bytea};
  array_parameter times_{type::bigint};
  array_parameter collections_{type::text};
  array_parameter keys_{type::text};
  array_parameter ops_{type::smallint};
  array_parameter previous_{type::bigint};
  array_parameter bytes_before_{type::bigint};
  array_parameter hashes_before_{type::bytea};
  array_parameter hashes_after_{type::bytea};
  array_parameter metas_{type::bytea};
  array_parameter values_{type::text};
  array_parameter images_{type::text};
  array_parameter principals_{type::text};
  array_parameter request_ids_{type::text};
};

/// Three arrays: keys and values to write, keys to remove.
class system_arrays {
 public:
  void fill(std::span<const system_write> rows);
  [[nodiscard]] bool empty() const noexcept { return keys_.size() + removed_.size() == 0; }
  void bind(parameters& to);

 private:
  using type = array_parameter::type;
  array_parameter keys_{type::bytea};
  array_parameter values_{type::bytea};
  array_parameter removed_{type::bytea};
};

/// The documents of a question: collections and keys.
class id_arrays {
 public:
  void fill(std::span<const document_id> ids);
  void bind(parameters& to);

 private:
  array_parameter collections_{array_parameter::type::text};
  array_parameter keys_{array_parameter::type::text};
};

}  // namespace keelson::backends::postgres
