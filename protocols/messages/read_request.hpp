#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocols/messages/answer.hpp"
#include "protocols/model/log_record.hpp"

namespace keelson::messages {

struct found_document {
  std::uint8_t found = 0;
  document value;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, found_document& x) {
    return f(x.found, x.value);
  }
};

struct get_request {
  request_context context;
  document_id id;
  position minimum;  ///< `?min_position=`; an empty epoch: none

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, get_request& x) {
    return f(x.context, x.id, x.minimum);
  }
};

struct get_reply {
  position at;  ///< fetched before the read: everything up to it is in the answer
  found_document document;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, get_reply& x) {
    return f(x.at, x.document);
  }
};

/// Single reads that came in one turn of an event loop.
struct get_batch {
  std::vector<get_request> requests;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, get_batch& x) {
    return f(x.requests);
  }
};
struct get_replies {
  std::vector<answer<get_reply>> answers;  ///< one a request, in the same order

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, get_replies& x) {
    return f(x.answers);
  }
};

/// Many keys of one collection, all exactly as of one position.
struct get_many_request {
  request_context context;
  collection_name collection;
  std::vector<document_key> keys;
  std::uint64_t max_bytes = std::uint64_t{8} << 20;  ///< of the values together; else too_large
  position minimum;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, get_many_request& x) {
    return f(x.context, x.collection, x.keys, x.max_bytes, x.minimum);
  }
};
struct get_many_reply {
  position at;
  std::vector<found_document> documents;  ///< one a key, in the same order

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, get_many_reply& x) {
    return f(x.at, x.documents);
  }
};

enum class list_order : std::uint8_t { forward, backward };
enum class list_values : std::uint8_t { with, without };

struct list_request {
  request_context context;
  collection_name collection;        ///< empty: all, in the order of document_id
  std::string prefix;                ///< of the keys; only with a collection
  std::string after;                 ///< key; exclusive; empty: from the beginning (or the end)
  collection_name after_collection;  ///< of `after`; only when the list goes over all collections
  std::uint32_t limit = 1000;
  std::uint32_t max_bytes = std::uint32_t{8} << 20;  ///< of a page's values; at least one is in it
  list_order order = list_order::forward;
  list_values values = list_values::with;
  position minimum;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, list_request& x) {
    return f(x.context, x.collection, x.prefix, x.after, x.after_collection, x.limit, x.max_bytes,
             x.order, x.values, x.minimum);
  }
};
struct list_page {
  position at;
  std::vector<document> documents;
  std::uint8_t at_end = 0;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, list_page& x) {
    return f(x.at, x.documents, x.at_end);
  }
};

/// What the collections of the primary hold.
struct collections_request {
  request_context context;
  position minimum;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, collections_request& x) {
    return f(x.context, x.minimum);
  }
};
struct collection_sums {
  std::string name;
  std::uint64_t documents = 0;
  std::uint64_t bytes = 0;  ///< of the values

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, collection_sums& x) {
    return f(x.name, x.documents, x.bytes);
  }
};
struct collections_reply {
  position at;
  std::vector<collection_sums> collections;  ///< by name; those without documents are left out

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, collections_reply& x) {
    return f(x.at, x.collections);
  }
};

/// The log behind a point. Whole commits only.
struct log_request {
  log_point from;  ///< a zero chain is not checked
  std::uint32_t max_records = 4096;
  std::uint32_t max_bytes = 4U << 20;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, log_request& x) {
    return f(x.from, x.max_records, x.max_bytes);
  }
};
struct log_reply {
  committed_group group;  ///< from the point asked for; no records at the end of the log
  log_point end;          ///< of the log as of the same snapshot
  sequence oldest;        ///< records after this one are retained
  sequence base;          ///< of the present epoch

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, log_reply& x) {
    return f(x.group, x.end, x.oldest, x.base);
  }
};

}  // namespace keelson::messages
