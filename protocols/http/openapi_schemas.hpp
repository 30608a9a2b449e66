#pragma once

#include <string_view>

namespace keelson::http {

/// The shapes of bodies and answers that the route table names, as JSON Schema.
inline constexpr std::string_view openapi_schemas = R"json({
"Value":{"description":"Any JSON value"},
"Collection":{"type":"string","pattern":"^[a-z][a-z0-9_-]{0,62}$"},
"Position":{"type":"string","description":"EPOCH:SEQUENCE; opaque to clients"},
"Version":{"type":["integer","null"],"minimum":0},
"Text":{"type":"string"},
"Lines":{"type":"string","description":"NDJSON, one object a line"},
"Problem":{"type":"object","required":["type","title","status","detail","code"],"properties":{
  "type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},
  "detail":{"type":"string"},"index":{"type":"integer"},
  "version":{"$ref":"#/components/schemas/Version"},"oldest":{"type":"string"},
  "code":{"enum":["invalid_json","number_out_of_range","invalid_key","invalid_collection",
    "invalid_parameter","invalid_position","unauthenticated","forbidden","not_found",
    "method_not_allowed","busy","superseded","confirmation_required","history_lost",
    "precondition_failed","too_large","unsupported_media_type","idempotency_mismatch",
    "head_too_large","too_many_requests","not_supported","overloaded","unavailable",
    "outcome_unknown","position_not_reached","storage_full","internal"]}}},
"Receipt":{"type":"object","required":["key","version","position"],"properties":{
  "key":{"type":"string"},"version":{"$ref":"#/components/schemas/Version"},
  "position":{"$ref":"#/components/schemas/Position"}}},
"Item":{"type":"object","required":["key","version"],"properties":{
  "key":{"type":"string"},"version":{"type":"integer"},"value":{}}},
"Page":{"type":"object","required":["items","position"],"properties":{
  "items":{"type":"array","items":{"$ref":"#/components/schemas/Item"}},
  "next":{"type":"string"},"position":{"$ref":"#/components/schemas/Position"}}},
"Collections":{"type":"object","required":["collections","position"],"properties":{
  "collections":{"type":"array","items":{"type":"object",
    "required":["name","documents","bytes"],"properties":{"name":{"type":"string"},
    "documents":{"type":"integer"},"bytes":{"type":"integer"}}}},
  "position":{"$ref":"#/components/schemas/Position"}}},
"Deleted":{"type":"object","required":["deleted","position"],"properties":{
  "deleted":{"type":"integer"},"position":{"$ref":"#/components/schemas/Position"}}},
"Loaded":{"type":"object","properties":{"written":{"type":"integer"},
  "skipped":{"type":"integer"},"failed_total":{"type":"integer"},
  "failed":{"type":"array","items":{"type":"object"}},
  "position":{"type":["string","null"]},"key":{"type":"string"},
  "version":{"$ref":"#/components/schemas/Version"}}},
"Batch":{"type":"object","required":["operations"],"additionalProperties":false,"properties":{
  "operations":{"type":"array","minItems":1,"maxItems":1000,"items":{"type":"object",
    "required":["op","collection","key"],"additionalProperties":false,"properties":{
    "op":{"enum":["put","patch","delete","check"]},
    "collection":{"$ref":"#/components/schemas/Collection"},
    "key":{"type":"string","minLength":1,"maxLength":512},"value":{},
    "if_version":{"type":"integer","minimum":0}}}}}},
"BatchReceipt":{"type":"object","required":["position","results"],"properties":{
  "position":{"$ref":"#/components/schemas/Position"},
  "results":{"type":"array","items":{"type":"object","required":["version"],"properties":{
    "version":{"$ref":"#/components/schemas/Version"}}}}}},
"GetMany":{"type":"object","required":["collection","keys"],"additionalProperties":false,
  "properties":{"collection":{"$ref":"#/components/schemas/Collection"},
  "keys":{"type":"array","maxItems":1000,
    "items":{"type":"string","minLength":1,"maxLength":512}}}},
"Found":{"type":"object","required":["items","missing","position"],"properties":{
  "items":{"type":"array","items":{"$ref":"#/components/schemas/Item"}},
  "missing":{"type":"array","items":{"type":"string"}},
  "position":{"$ref":"#/components/schemas/Position"}}},
"Change":{"type":"object","required":["position","op","collection","key","version","time"],
  "properties":{"position":{"$ref":"#/components/schemas/Position"},
  "op":{"enum":["put","delete"]},"collection":{"type":"string"},"key":{"type":"string"},
  "version":{"type":"integer"},"time":{"type":"string","format":"date-time"},"value":{},
  "more":{"const":true}}},
"Changes":{"type":"object","required":["changes","position"],"properties":{
  "changes":{"type":"array","items":{"$ref":"#/components/schemas/Change"}},
  "position":{"$ref":"#/components/schemas/Position"}}},
"State":{"type":"object","required":["state"],"properties":{"state":{"const":"alive"}}},
"Readiness":{"type":"object","required":["state","components"],"properties":{
  "state":{"enum":["ready","degraded","unavailable"]},
  "components":{"type":"array","items":{"type":"object","required":["name","state","reason"],
    "properties":{"name":{"type":"string"},"reason":{"type":"string"},"state":{"anyOf":[
    {"$ref":"#/components/schemas/PrimaryState"},{"$ref":"#/components/schemas/SecondaryState"},
    {"$ref":"#/components/schemas/WorkingState"}]}}}}}},
"PrimaryState":{"enum":["starting","serving","broken","hung","foreign","stopped","unavailable"]},
"SecondaryState":{"enum":["starting","live","catching_up","rebuilding","paused","broken","hung",
  "confirmation_required","foreign","stopped","unavailable"]},
"WorkingState":{"description":"Of the validator and the feed","enum":["serving","unavailable"]},
"Status":{"type":"object","required":["version","uptime_seconds","log_id","primary",
  "secondaries","validator","subscribers","queues"],"properties":{
  "primary":{"type":"object","required":["state"],"properties":{
    "state":{"$ref":"#/components/schemas/PrimaryState"}}},
  "secondaries":{"type":"array","items":{"$ref":"#/components/schemas/Secondary"}},
  "validator":{"type":"object"},"subscribers":{"type":"object"},"queues":{"type":"object"}}},
"Secondary":{"type":"object","required":["name","state"],"properties":{
  "name":{"type":"string"},"state":{"$ref":"#/components/schemas/SecondaryState"}}},
"Confirmation":{"type":"object","additionalProperties":false,"properties":{
  "confirm":{"type":"boolean"}}},
"Nothing":{"type":"object","additionalProperties":false},
"Wanted":{"type":"object","additionalProperties":false,"properties":{
  "secondary":{"type":"string"},"collection":{"$ref":"#/components/schemas/Collection"}}},
"Started":{"type":"object","required":["id"],"properties":{"id":{"type":"string"}}},
"Report":{"type":"object","required":["id","state","progress","secondaries"],"properties":{
  "id":{"type":"string"},
  "state":{"$ref":"#/components/schemas/PassState"}}},
"PassState":{"enum":["running","equal","different","incomplete","stopped"]},
"Differences":{"type":"object","required":["differences"]}
})json";

}  // namespace keelson::http
