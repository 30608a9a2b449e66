#pragma once

#include <caf/type_id.hpp>

#include "protocols/messages/feed.hpp"
#include "protocols/messages/operator.hpp"
#include "protocols/messages/reader.hpp"
#include "protocols/messages/status.hpp"
#include "protocols/messages/validator.hpp"
#include "protocols/messages/writer.hpp"

/// Every message that may cross the network, for `cfg.add_message_types<caf::id_block::keelson>()`.
/// The order is part of the wire format: add at the end.
CAF_BEGIN_TYPE_ID_BLOCK(keelson, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(keelson, (keelson::messages::request_context))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::write_batch))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::write_receipts))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::get_batch))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::get_replies))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::get_many_request))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::answer<keelson::messages::get_many_reply>))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::list_request))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::answer<keelson::messages::list_page>))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::log_request))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::answer<keelson::messages::log_reply>))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::since))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::answer<keelson::messages::resolved>))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::replay_request))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::answer<keelson::messages::replay_slice>))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::feed_status))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::primary_status))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::secondary_status))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::validator_status))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::check_batch))
CAF_ADD_TYPE_ID(keelson, (keelson::document_id))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::comparisons))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::verify_request))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::answer<std::string>))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::answer<keelson::messages::verify_report>))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::differences_request))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::answer<keelson::messages::differences_page>))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::collections_request))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::answer<keelson::messages::collections_reply>))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::rebuild_request))
CAF_ADD_TYPE_ID(keelson, (keelson::messages::answer<keelson::messages::secondary_status>))
CAF_END_TYPE_ID_BLOCK(keelson)
