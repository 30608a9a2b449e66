#include "backends/rocksdb/rocksdb_options.hpp"

#include <algorithm>

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

namespace keelson::backends::rocksdb {

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

/// LZ4 where the library was built with it: cheap enough for the write path.
::rocksdb::CompressionType compression() {
  const auto built_in = ::rocksdb::GetSupportedCompressions();
  const bool lz4 = std::ranges::find(built_in, ::rocksdb::kLZ4Compression) != built_in.end();
  return lz4 ? ::rocksdb::kLZ4Compression : ::rocksdb::kNoCompression;
}

}  // namespace

::rocksdb::Options writing_options(std::size_t cache_mib) {
  ::rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(::rocksdb::NewBloomFilterPolicy(10));
  table.block_cache = ::rocksdb::NewLRUCache(cache_mib * mebibyte);
  // Index and filter blocks count against the cache, so that memory has one bound. They come in
  // small pieces: those of a large file in one would not fit into a shard of the cache, and be read
  // again for each key.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.index_type = ::rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.block_size = std::size_t{8} * 1024;
  table.format_version = 5;

  ::rocksdb::Options options;
  options.table_factory.reset(::rocksdb::NewBlockBasedTableFactory(table));
  options.compression = compression();
  options.level_compaction_dynamic_level_bytes = true;
  options.write_buffer_size = 64 * mebibyte;
  // Most keys that are asked for are not among those written last.
  options.memtable_prefix_bloom_size_ratio = 0.02;
  options.memtable_whole_key_filtering = true;
  options.max_background_jobs = 2;
  options.bytes_per_sync = mebibyte;  // no bursts of dirty pages in front of the log's syncs
  options.max_open_files = 512;
  options.max_bgerror_resume_count = 0;  // see rocksdb_kv::failed_by_full_disk
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

::rocksdb::Options looking_options() {
  ::rocksdb::Options options;
  options.max_open_files = 64;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

}  // namespace keelson::backends::rocksdb
