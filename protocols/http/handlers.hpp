#pragma once

#include "protocols/http/handler.hpp"

/// The handlers of the route table. What each answers is in api.md.
namespace keelson::http {

// Documents; documents_read.cpp, documents_write.cpp.
task<result<response>> get_document(exchange& with);
task<result<response>> put_document(exchange& with);
task<result<response>> patch_document(exchange& with);
task<result<response>> delete_document(exchange& with);

// Collections; collections.cpp, collections_delete.cpp, bulk_load.cpp.
task<result<response>> get_collections(exchange& with);
task<result<response>> delete_documents(exchange& with);
task<result<response>> list_documents(exchange& with);
task<result<response>> post_documents(exchange& with);
task<result<response>> load_documents(exchange& with);

// Batches; batches.cpp.
task<result<response>> post_batch(exchange& with);
task<result<response>> post_batch_get(exchange& with);

// The service; service_routes.cpp, verify_routes.cpp.
task<result<response>> get_healthz(exchange& with);
task<result<response>> get_readyz(exchange& with);
task<result<response>> get_metrics(exchange& with);
task<result<response>> get_status(exchange& with);
task<result<response>> get_openapi(exchange& with);
task<result<response>> post_verify(exchange& with);
task<result<response>> get_verify(exchange& with);
task<result<response>> delete_verify(exchange& with);
task<result<response>> get_differences(exchange& with);

// An operator's verbs; secondaries.cpp.
task<result<response>> pause_secondary(exchange& with);
task<result<response>> resume_secondary(exchange& with);
task<result<response>> rebuild_secondary(exchange& with);

}  // namespace keelson::http
