#include "protocols/wire/feed_encoding.hpp"

#include "protocols/model/canonical_json.hpp"
#include "protocols/model/clock.hpp"
#include "protocols/wire/json_text.hpp"

namespace keelson::wire {
namespace {

std::uint32_t offset(const std::string& text) {
  return static_cast<std::uint32_t>(text.size());
}

std::vector<sequence> ends_of(std::span<const log_record> records) {
  std::vector<sequence> ends(records.size());
  sequence end;
  for (std::size_t i = records.size(); i-- > 0;) {
    if (records[i].ends_commit != 0) end = records[i].at;
    ends[i] = end;
  }
  return ends;
}

}  // namespace

std::shared_ptr<const change_block> change_block::encode(const committed_group& group) {
  return encode(group.from.at, group.to.at, group.records, ends_of(group.records));
}

std::shared_ptr<const change_block> change_block::encode(const position& from, const position& to,
                                                         std::span<const log_record> records,
                                                         std::span<const sequence> commit_ends) {
  constexpr std::size_t typical_head = 160;
  auto block = std::make_shared<change_block>();
  block->epoch_ = to.epoch;
  block->from_ = from.at;
  block->to_ = to.at;
  std::size_t values = 0;
  for (const auto& record : records) values += record.value.size() + record.id.key.text().size();
  block->text_.reserve(values + records.size() * typical_head);
  block->changes_.reserve(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto more = i + 1 < records.size() && commit_ends[i + 1] == commit_ends[i];
    block->add(records[i], commit_ends[i], more ? tail_with_more : tail_alone);
  }
  return block;
}

void change_block::add(const log_record& record, sequence commit_end, std::string_view tail) {
  encoded_change change{.at = record.at, .commit_end = commit_end, .text = offset(text_)};
  text_ += ",{\"position\":\"";
  text_ += epoch_;
  text_ += ':';
  append_number(text_, record.at.value);
  text_ += record.op == change_op::put ? "\",\"op\":\"put\",\"collection\":"
                                       : "\",\"op\":\"delete\",\"collection\":";
  append_json_string(text_, record.id.collection.text());
  text_ += ",\"key\":";
  append_json_string(text_, record.id.key.text());
  text_ += ",\"version\":";
  append_number(text_, record.at.value);
  text_ += ",\"time\":\"";
  append_rfc3339(text_, record.time);
  text_ += '"';
  change.value = offset(text_);
  if (record.op == change_op::put) {
    text_ += ",\"value\":";
    text_ += record.value;
  }
  change.tail = offset(text_);
  text_ += tail;
  change.text_end = offset(text_);
  change.name = offset(names_);
  names_ += record.id.collection.text();
  change.key = offset(names_);
  names_ += record.id.key.text();
  change.name_end = offset(names_);
  changes_.push_back(change);
}

std::size_t change_block::memory() const noexcept {
  return sizeof(*this) + text_.capacity() + names_.capacity() +
         changes_.capacity() * sizeof(encoded_change);
}

}  // namespace keelson::wire
