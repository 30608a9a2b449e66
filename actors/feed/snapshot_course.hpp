#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/feed/feed_cursor.hpp"
#include "protocols/messages/reader.hpp"
#include "protocols/model/change_filter.hpp"

namespace keelson::feed {

/// The way from an empty client to one that holds exactly the state as of a position, while writes
/// go on. Documents are read by key in pieces, each at a position of its own; before the next
/// piece is read, the changes between the two positions are sent for the documents already there.
/// So everything up to copied key K is always as of one position, whatever the number of pieces,
/// and what a later piece will contain is never sent twice.
///
/// Needs a reader whose pages are exact as of their position.
class snapshot_course {
 public:
  snapshot_course(const position& start, const change_filter& filter, wire::change_values values,
                  std::uint32_t page_documents);

  enum class stage : std::uint8_t {
    reading,   ///< ask for request(), hand the page to took()
    merging,   ///< send the changes within bounds(), then call merged()
    complete,  ///< the client holds the state as of at()
  };
  [[nodiscard]] stage now() const noexcept { return stage_; }
  [[nodiscard]] messages::list_request request() const;
  /// Leaves in `page` the documents to send. history_lost if it is of another epoch.
  [[nodiscard]] result<void> took(messages::list_page& page);
  [[nodiscard]] const feed_bounds& bounds() const noexcept { return bounds_; }
  void merged();
  [[nodiscard]] const position& at() const noexcept { return at_; }

 private:
  [[nodiscard]] std::optional<document_id> end_of(const messages::list_page& page) const;

  std::vector<std::string> collections_;  ///< sorted; one empty name: all
  std::size_t current_ = 0;               ///< of collections_
  std::string prefix_;
  wire::change_values values_;
  std::uint32_t page_documents_;
  stage stage_ = stage::reading;
  position at_;  ///< documents up to copied_ are as of it
  std::optional<document_id> copied_;
  document_id after_;  ///< where the next page begins; an empty key: the collection's begin
  feed_bounds bounds_;
};

}  // namespace keelson::feed
