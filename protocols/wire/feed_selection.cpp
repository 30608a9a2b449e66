#include "protocols/wire/feed_selection.hpp"

#include <algorithm>
#include <utility>

namespace keelson::wire {

change_selector::appetite change_selector::take(std::shared_ptr<const change_block> block) {
  const auto all = block->changes();
  auto next = std::ranges::upper_bound(all, point_.reached, {}, &encoded_change::at);
  const auto picked_before = changes_.size();
  auto hungry = appetite::more;
  while (next != all.end() && hungry == appetite::more) {
    const auto commit_end = std::find_if(
        next, all.end(), [end = next->commit_end](const auto& c) { return c.commit_end != end; });
    hungry = take_commit(*block, {next, commit_end});
    next = commit_end;
  }
  if (hungry == appetite::more && block->to() > point_.reached) {
    if (block->to() > limits_.until) {
      point_ = {limits_.until, limits_.until};
    } else {
      point_ = {block->to(), block->to()};
    }
  }
  if (changes_.size() > picked_before) blocks_.push_back(std::move(block));
  return hungry == appetite::more && !satisfied() ? appetite::more : appetite::satisfied;
}

change_selector::appetite change_selector::take_commit(const change_block& block,
                                                       std::span<const encoded_change> commit) {
  const auto end = commit.front().commit_end;
  if (end > limits_.until) {
    point_ = {limits_.until, limits_.until};
    return appetite::satisfied;
  }
  std::size_t passing_end = commit.size();
  while (passing_end > 0 && !passes(block, commit[passing_end - 1])) --passing_end;
  for (std::size_t i = 0; i < passing_end; ++i) {
    const bool last = i + 1 == passing_end;
    if (!last && !passes(block, commit[i])) continue;
    const selected_change selected{.block = &block, .change = &commit[i], .more = !last};
    const auto size = size_of(selected);
    if (!changes_.empty() && bytes_ + size > limits_.frame_bytes) return appetite::satisfied;
    changes_.push_back(selected);
    bytes_ += size;
    point_.reached = commit[i].at;
  }
  scanned_ += commit.size();
  point_ = {end, end};
  return satisfied() ? appetite::satisfied : appetite::more;
}

bool change_selector::satisfied() const {
  return changes_.size() >= limits_.commit_changes || bytes_ >= limits_.commit_bytes ||
         bytes_ >= limits_.frame_bytes || scanned_ >= limits_.scanned ||
         point_.reached >= limits_.until;
}

bool change_selector::passes(const change_block& block, const encoded_change& change) const {
  if (!filter_.collections.empty() &&
      std::ranges::find(filter_.collections, block.collection(change)) ==
          filter_.collections.end()) {
    return false;
  }
  if (!block.key(change).starts_with(filter_.prefix)) return false;
  if (!last_document_) return true;
  const auto order = block.collection(change).compare(last_document_->collection.text());
  return order < 0 || (order == 0 && block.key(change) <= last_document_->key.text());
}

std::size_t change_selector::size_of(const selected_change& selected) const {
  const auto& [block, change, more] = selected;
  return block->head(*change).size() +
         (values_ == change_values::with ? block->value(*change).size() : 0) +
         (more ? tail_with_more : tail_alone).size();
}

namespace {

/// The text of one change, a comma in front, in one piece where it lies so in the block.
template <class Append>
void put_change(const selected_change& selected, change_values values, Append append) {
  const auto& [block, change, more] = selected;
  const auto value = block->value(*change);
  if (block->marked(*change) == more && (values == change_values::with || value.empty())) {
    append(block->whole(*change));
    return;
  }
  append(block->head(*change));
  if (values == change_values::with) append(value);
  append(more ? tail_with_more : tail_alone);
}

}  // namespace

void append_change_array(std::string& out, const change_selector& selection) {
  out.reserve(out.size() + selection.bytes() + 2);
  const auto begin = out.size();
  // Texts that touch in memory are copied together: a whole block is one copy without a filter.
  std::string_view run;
  const auto append = [&](std::string_view text) {
    if (run.data() + run.size() == text.data()) {
      run = {run.data(), run.size() + text.size()};
      return;
    }
    out += run;
    run = text;
  };
  for (const auto& selected : selection.changes()) put_change(selected, selection.values(), append);
  out += run;
  if (out.size() == begin) out += ',';
  out[begin] = '[';  // in the place of the first change's comma
  out += ']';
}

void append_change_events(std::string& out, const change_selector& selection) {
  for (const auto& selected : selection.changes()) {
    if (!selected.more) {
      out += "id: ";
      out += selected.block->epoch();
      out += ':';
      out += std::to_string(selected.change->commit_end.value);
      out += '\n';
    }
    out += "data: ";
    std::size_t comma = 1;
    put_change(selected, selection.values(),
               [&](std::string_view text) { out += text.substr(std::exchange(comma, 0)); });
    out += "\n\n";
  }
}

}  // namespace keelson::wire
