#pragma once

#include "protocols/http/request_options.hpp"
#include "protocols/messages/read_request.hpp"

namespace keelson::http {

/// What a request for a range of documents asks for, and of which store.
struct list_plan {
  messages::list_request request;
  bridge::store_slot store = bridge::store_slot::primary;
};

/// Sends the whole range as NDJSON, page by page, and a trailer: `{"position","count","digest"}`.
task<result<response>> stream_documents(exchange& with, list_plan plan);

}  // namespace keelson::http
