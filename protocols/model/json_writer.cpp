#include "protocols/model/json_writer.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include "protocols/model/json_escape.hpp"

namespace keelson {

namespace {

// What a thread keeps between two texts.
constexpr std::size_t kept_bytes = std::size_t{64} * 1024;
constexpr std::size_t kept_members = 1024;

}  // namespace

void json_writer::clear() noexcept {
  text_.clear();
  members_.clear();
  open_.clear();
}

void json_writer::shrink() noexcept {
  text_.shrink(kept_bytes);
  moved_.shrink(kept_bytes);
  if (members_.capacity() > kept_members) std::vector<member>().swap(members_);
  if (repeated_.capacity() > kept_bytes) std::string().swap(repeated_);
}

std::string_view json_writer::view() const noexcept {
  return text_.view().substr(0, text_.size() - 1);
}

void json_writer::begin_object() {
  open_.push_back({.first_member = members_.size()});
  text_.push_back('{');
}

bool json_writer::end_object() {
  const open_object ended = open_.back();
  open_.pop_back();
  if (!ended.sorted && !sort_members(ended.first_member)) return false;
  members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(ended.first_member),
                 members_.end());
  close('}');
  return true;
}

void json_writer::begin_name() {
  members_.push_back({.begin = text_.size()});
  text_.push_back('"');
}

void json_writer::end_name() {
  member& last = members_.back();
  last.name_size = text_.size() - last.begin - 1;
  text_.append("\":");
  open_object& object = open_.back();
  if (!object.sorted || members_.size() - object.first_member < 2) return;
  object.sorted = less(members_[members_.size() - 2], last);
}

void json_writer::close(char bracket) {
  if (text_.data()[text_.size() - 1] == ',') text_.truncate(text_.size() - 1);
  text_.push_back(bracket);
  text_.push_back(',');
}

std::string_view json_writer::name(const member& of) const noexcept {
  return text_.view().substr(of.begin + 1, of.name_size);
}

bool json_writer::less(const member& a, const member& b) const noexcept {
  return a.escaped || b.escaped ? escaped_less(name(a), name(b)) : name(a) < name(b);
}

bool json_writer::sort_members(std::size_t first) {
  const std::span<member> members(members_.begin() + static_cast<std::ptrdiff_t>(first),
                                  members_.end());
  const std::size_t begin = members.front().begin;
  std::size_t end = text_.size();
  for (std::size_t i = members.size(); i-- > 0;) {
    members[i].size = end - members[i].begin;
    end = members[i].begin;
  }
  std::sort(members.begin(), members.end(),
            [this](const member& a, const member& b) { return less(a, b); });
  const auto repeated =
      std::adjacent_find(members.begin(), members.end(),
                         [this](const member& a, const member& b) { return name(a) == name(b); });
  if (repeated != members.end()) {
    repeated_ = name(*repeated);
    return false;
  }
  moved_.clear();
  for (const member& each : members) moved_.append(text_.view().substr(each.begin, each.size));
  std::memcpy(text_.data() + begin, moved_.data(), moved_.size());
  return true;
}

}  // namespace keelson
