#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/feed/feed_ring.hpp"
#include "protocols/messages/feed.hpp"
#include "protocols/messages/operator.hpp"
#include "protocols/messages/reader.hpp"
#include "protocols/messages/status.hpp"
#include "protocols/messages/validator.hpp"
#include "protocols/messages/writer.hpp"

namespace keelson::bridge {

/// What the front knows of one secondary.
struct secondary_service {
  std::string name;
  messages::reader reader;
  messages::secondary_reporter reporter;
  messages::secondary_operator verbs;
};

/// The stable handles that requests are answered by. A null handle answers `unavailable`.
struct services {
  messages::writer writer;
  messages::reader primary;
  messages::primary_reporter primary_reporter;
  std::vector<secondary_service> secondaries;
  messages::feed feed;
  std::shared_ptr<feed::feed_ring> ring = std::make_shared<feed::feed_ring>();  ///< of the feed
  messages::validator validator;
};

}  // namespace keelson::bridge
