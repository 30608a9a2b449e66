#pragma once

#include <string>
#include <string_view>

#include "protocols/messages/read_request.hpp"
#include "protocols/messages/write_request.hpp"
#include "protocols/model/digest.hpp"

namespace keelson::wire {

/// `{"key","version","position"}`: the receipt of one document's write; version null when it was
/// removed.
[[nodiscard]] std::string receipt_text(const document_key& key,
                                       const messages::operation_outcome& outcome,
                                       const position& at);

/// `{"position","results":[{"version"}]}`: the receipt of a batch.
[[nodiscard]] std::string batch_receipt_text(const messages::write_receipt& receipt);

/// Appends `{"key","version","value"}`, without the value if so asked.
void append_item(std::string& out, const document& item, messages::list_values values);

/// `{"items":[…],"next","position"}`; `next` is absent at the end.
[[nodiscard]] std::string list_text(const messages::list_page& page, messages::list_values values);

/// `{"collections":[{"name","documents","bytes"}],"position"}`.
[[nodiscard]] std::string collections_text(const messages::collections_reply& reply);

/// `{"deleted","position"}`: of a deletion in slices.
[[nodiscard]] std::string deleted_text(std::uint64_t deleted, const position& at);

/// `{"position","count","digest"}` and a line's end: what closes a streamed list.
[[nodiscard]] std::string list_trailer(const position& at, const set_digest& sent);

/// `{"items":[…],"missing":[…],"position"}`.
[[nodiscard]] std::string get_many_text(const messages::get_many_request& asked,
                                        const messages::get_many_reply& found);

}  // namespace keelson::wire
