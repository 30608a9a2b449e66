#pragma once

#include <span>
#include <string>

#include "backends/ordered_kv/codec.hpp"
#include "backends/ordered_kv/keys.hpp"
#include "backends/ordered_kv/kv_engine.hpp"

namespace keelson::backends::ordered_kv {

/// Puts rows into a batch. The buffers for key and record are used again for each.
class row_writer {
 public:
  void begin(kv_batch& batch) { batch_ = &batch; }

  void rows(std::span<const row_view> rows) {
    for (const auto& row : rows) {
      key_.clear();
      append_document_key(key_, *row.id);
      if (row.op == change_op::put) {
        record_.clear();
        encode_document(record_, row);
        batch_->put(key_, record_);
      } else {
        batch_->remove(key_);
      }
    }
  }

  void records(std::span<const log_record> records) {
    for (const auto& record : records) {
      key_.clear();
      append_log_key(key_, record.at);
      record_.clear();
      encode_log_record(record_, record);
      batch_->put(key_, record_);
    }
  }

  void forget(sequence at) {
    key_.clear();
    append_log_key(key_, at);
    batch_->remove(key_);
  }

  void system(std::span<const system_write> writes) {
    for (const auto& write : writes) {
      key_.clear();
      append_system_key(key_, write.key);
      if (write.value) {
        batch_->put(key_, *write.value);
      } else {
        batch_->remove(key_);
      }
    }
  }

  void meta(const primary_meta& meta) {
    record_.clear();
    encode_primary_meta(record_, meta);
    batch_->put(primary_key, record_);
  }

  void state(const store_point& point, const store_counts& counts) {
    record_.clear();
    encode_secondary_state(record_, point, counts);
    batch_->put(secondary_key, record_);
  }

  void mark(const store_mark& mark) {
    record_.clear();
    encode_mark(record_, mark);
    batch_->put(owner_key, record_);
  }

 private:
  kv_batch* batch_ = nullptr;
  std::string key_;
  std::string record_;
};

}  // namespace keelson::backends::ordered_kv
