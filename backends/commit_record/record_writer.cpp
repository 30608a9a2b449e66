#include "backends/commit_record/record_writer.hpp"

#include <algorithm>
#include <utility>

#include "backends/commit_record/batch_codec.hpp"
#include "backends/commit_record/record_reading.hpp"

namespace keelson::backends::commit_record {

namespace {

std::unexpected<error> perhaps(error why) {
  why.code = errc::outcome_unknown;
  return std::unexpected(std::move(why));
}

std::unexpected<error> overtaken() {
  return fail(errc::fenced, "another writer committed to this store");
}

}  // namespace

result<record_head> record_writer::refresh() {
  known_.reset();
  auto found = read_unfinished(*engine_);
  if (!found) return pass_on(std::move(found));
  auto& [head, body] = *found;
  if (!head.complete) {
    auto done = finish({.number = head.number, .rows = body.rows, .system = body.system});
    if (!done) return pass_on(std::move(done));
    head.complete = true;
  }
  known_ = head;
  return head;
}

result<record_head> record_writer::newest() {
  if (known_) return *known_;
  return refresh();
}

result<void> record_writer::append(const next_record& next) {
  auto before = newest();
  if (!before) return pass_on(std::move(before));
  for (const auto& row : next.rows) {
    if (auto fits = engine_->check(row); !fits) return fits;
  }
  const auto number = before->number + 1;
  const bool nothing_to_raise = next.rows.empty() && next.system.empty();
  record_head head{.number = number,
                   .floor = std::min(next.floor.value_or(number), number),
                   .last = next.last,
                   .state = next.state,
                   .complete = nothing_to_raise};
  known_.reset();  // until all is done
  const auto inserted = engine_->insert(head, encode_body(next.rows, next.records, next.system));
  if (!inserted) return std::unexpected(inserted.error());
  if (!*inserted) return overtaken();
  const auto standing = look_again(number);
  if (!standing) return perhaps(standing.error());
  if (*standing == standing_of::void_one) return overtaken();
  if (*standing == standing_of::newest && !nothing_to_raise) {
    auto done = finish({.number = number, .rows = next.rows, .system = next.system});
    if (!done) return perhaps(std::move(done).error());
  }
  if (*standing == standing_of::newest) {
    head.complete = true;
    known_ = std::move(head);
  }
  return {};
}

result<record_writer::standing_of> record_writer::look_again(std::uint64_t number) {
  const auto newest = engine_->newest();
  if (!newest) return std::unexpected(newest.error());
  if (!*newest || (*newest)->number < number) {
    return fail(errc::outcome_unknown, "the store lost a record that it had taken");
  }
  if ((*newest)->number == number) return standing_of::newest;
  return (*newest)->floor > number ? standing_of::void_one : standing_of::followed;
}

result<void> record_writer::finish(const raised_rows& rows) {
  if (auto raised = engine_->raise(rows); !raised) return raised;
  return engine_->complete(rows.number);
}

}  // namespace keelson::backends::commit_record
