#pragma once

#include <map>
#include <string>

#include "protocols/messages/read_request.hpp"
#include "protocols/messages/write_request.hpp"

namespace keelson::test {

/// What the roles promise, over a map: enough to test a front against.
class map_store {
 public:
  result<messages::write_receipt> write(const messages::write_request& request);
  messages::get_reply get(const messages::get_request& request) const;
  messages::get_many_reply get_many(const messages::get_many_request& request) const;
  messages::list_page list(const messages::list_request& request) const;
  [[nodiscard]] position at() const { return {"abcdefgh", last_}; }
  [[nodiscard]] messages::collections_reply sums() const;

 private:
  struct kept_answer {
    hash256 fingerprint;
    messages::write_receipt receipt;
  };
  using documents = std::map<document_id, document>;

  static result<messages::operation_outcome> apply(documents& to, version next,
                                                   const messages::write_operation& operation);

  documents documents_;
  std::map<std::string, kept_answer> answers_;
  sequence last_;
};

}  // namespace keelson::test
