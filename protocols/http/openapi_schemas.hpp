#pragma once

#include <string_view>

namespace keelson::http {

/// The shapes of bodies and answers that the route table names, as JSON Schema.
inline constexpr std::string_view openapi_schemas = R"json({
"Value":{"description":"Any JSON value"},
"Collection":{"type":"string","pattern":"^[a-z][a-z0-9_-]{0,62}$"},
"Key":{"type":"string","minLength":1,"maxLength":512,
  "description":"1 to 512 bytes of UTF-8 without U+0000"},
"Position":{"type":"string","description":"EPOCH:SEQUENCE; opaque to clients"},
"Version":{"type":["integer","null"],"minimum":0},
"Text":{"type":"string"},
"Lines":{"type":"string","description":"NDJSON, one object a line"},
"Problem":{"type":"object","required":["type","title","status","detail","code"],"properties":{
  "type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},
  "detail":{"type":"string"},"index":{"type":"integer"},
  "version":{"$ref":"#/components/schemas/Version"},"oldest":{"type":"string"},
  "code":{"type":"string","enum":["invalid_json","number_out_of_range","invalid_key",
    "invalid_collection","invalid_parameter","invalid_position","unauthenticated","forbidden",
    "not_found","method_not_allowed","busy","superseded","confirmation_required","history_lost",
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
"Loaded":{"type":"object","required":["written","skipped","failed_total","failed","position"],
  "properties":{"written":{"type":"integer"},"skipped":{"type":"integer"},
  "failed_total":{"type":"integer"},"failed":{"type":"array","maxItems":1000,"items":{
    "type":"object","required":["line","code","detail"],"properties":{
    "line":{"type":"integer","minimum":1},"code":{"type":"string"},
    "detail":{"type":"string"}}}},"position":{"type":["string","null"]}}},
"Batch":{"type":"object","required":["operations"],"additionalProperties":false,"properties":{
  "operations":{"type":"array","minItems":1,"maxItems":1000,"items":{"oneOf":[
    {"$ref":"#/components/schemas/Write"},{"$ref":"#/components/schemas/Delete"},
    {"$ref":"#/components/schemas/Check"}]}}}},
"Write":{"type":"object","required":["op","collection","key","value"],
  "additionalProperties":false,"properties":{"op":{"type":"string","enum":["put","patch"]},
  "collection":{"$ref":"#/components/schemas/Collection"},
  "key":{"$ref":"#/components/schemas/Key"},"value":{},
  "if_version":{"type":"integer","minimum":0}}},
"Delete":{"type":"object","required":["op","collection","key"],
  "additionalProperties":false,"properties":{"op":{"type":"string","enum":["delete"]},
  "collection":{"$ref":"#/components/schemas/Collection"},
  "key":{"$ref":"#/components/schemas/Key"},"if_version":{"type":"integer","minimum":0}}},
"Check":{"type":"object","required":["op","collection","key","if_version"],
  "additionalProperties":false,"properties":{"op":{"type":"string","enum":["check"]},
  "collection":{"$ref":"#/components/schemas/Collection"},
  "key":{"$ref":"#/components/schemas/Key"},"if_version":{"type":"integer","minimum":0}}},
"BatchReceipt":{"type":"object","required":["position","results"],"properties":{
  "position":{"$ref":"#/components/schemas/Position"},
  "results":{"type":"array","items":{"type":"object","required":["version"],"properties":{
    "version":{"$ref":"#/components/schemas/Version"}}}}}},
"GetMany":{"type":"object","required":["collection","keys"],"additionalProperties":false,
  "properties":{"collection":{"$ref":"#/components/schemas/Collection"},
  "keys":{"type":"array","maxItems":1000,"items":{"$ref":"#/components/schemas/Key"}}}},
"Found":{"type":"object","required":["items","missing","position"],"properties":{
  "items":{"type":"array","items":{"$ref":"#/components/schemas/Item"}},
  "missing":{"type":"array","items":{"type":"string"}},
  "position":{"$ref":"#/components/schemas/Position"}}},
"Change":{"type":"object","required":["position","op","collection","key","version","time"],
  "properties":{"position":{"$ref":"#/components/schemas/Position"},
  "op":{"type":"string","enum":["put","delete"]},"collection":{"type":"string"},
  "key":{"type":"string"},"version":{"type":"integer"},
  "time":{"type":"string","format":"date-time"},"value":{},
  "more":{"type":"boolean","description":"Another change of the same commit follows"}}},
"Changes":{"type":"object","required":["changes","position"],"properties":{
  "changes":{"type":"array","items":{"$ref":"#/components/schemas/Change"}},
  "position":{"$ref":"#/components/schemas/Position"}}},
"State":{"type":"object","required":["state"],"properties":{
  "state":{"type":"string","enum":["alive"]}}},
"Readiness":{"type":"object","required":["state","components"],"properties":{
  "state":{"type":"string","enum":["ready","degraded","unavailable"]},
  "components":{"type":"array","items":{"type":"object","required":["name","state","reason"],
    "properties":{"name":{"type":"string"},"reason":{"type":"string"},"state":{"anyOf":[
    {"$ref":"#/components/schemas/PrimaryState"},{"$ref":"#/components/schemas/SecondaryState"},
    {"$ref":"#/components/schemas/WorkingState"}]}}}}}},
"PrimaryState":{"type":"string",
  "enum":["starting","serving","broken","hung","foreign","stopped","unavailable"]},
"SecondaryState":{"type":"string","enum":["starting","live","catching_up","rebuilding","paused",
  "broken","hung","confirmation_required","foreign","stopped","unavailable"]},
"WorkingState":{"type":"string","description":"Of the validator and the feed",
  "enum":["serving","unavailable"]},
"Status":{"type":"object","required":["version","uptime_seconds","log_id","position","oldest",
  "primary","secondaries","validator","subscribers","queues"],"properties":{
  "version":{"type":"string"},"uptime_seconds":{"type":"integer","minimum":0},
  "log_id":{"type":"string"},"position":{"type":["string","null"]},
  "oldest":{"type":["string","null"]},"primary":{"type":"object","required":["state"],
    "properties":{"url":{"type":"string"},
    "state":{"$ref":"#/components/schemas/PrimaryState"},"reason":{"type":"string"},
    "capabilities":{"type":"array","items":{"type":"string"}},
    "documents":{"type":"integer"},"bytes":{"type":"integer"}}},
  "secondaries":{"type":"array","items":{"$ref":"#/components/schemas/Secondary"}},
  "validator":{"type":"object"},"subscribers":{"type":"object"},"queues":{"type":"object"},
  "history_replaced":{"type":"object"}}},
"Secondary":{"type":"object","required":["name","state"],"properties":{
  "name":{"type":"string"},"url":{"type":"string"},
  "state":{"$ref":"#/components/schemas/SecondaryState"},
  "reason":{"type":"string"},"applied_position":{"type":["string","null"]},
  "lag_changes":{"type":"integer","minimum":0},"lag_seconds":{"type":"number","minimum":0},
  "last_error":{"type":["string","null"]},"documents":{"type":"integer"},
  "bytes":{"type":"integer"}}},
"Confirmation":{"type":"object","additionalProperties":false,"properties":{
  "confirm":{"type":"boolean"}}},
"Nothing":{"type":"object","additionalProperties":false},
"Wanted":{"type":"object","additionalProperties":false,"properties":{
  "secondary":{"type":"string"},"collection":{"$ref":"#/components/schemas/Collection"}}},
"Started":{"type":"object","required":["id"],"properties":{"id":{"type":"string"}}},
"PassState":{"type":"string","enum":["running","equal","different","incomplete","stopped"]},
"Report":{"type":"object","required":["id","state","progress","secondaries","differences"],
  "properties":{"id":{"type":"string"},"state":{"$ref":"#/components/schemas/PassState"},
  "progress":{"type":"number","minimum":0,"maximum":1},
  "secondaries":{"type":"array","items":{"type":"object",
    "required":["name","state","from","to","counts","differences_total"],"properties":{
    "name":{"type":"string"},"state":{"$ref":"#/components/schemas/PassState"},
    "reason":{"type":"string"},"from":{"type":["string","null"]},
    "to":{"type":["string","null"]},"differences_total":{"type":"integer"},
    "counts":{"type":"object","required":["equal","pending","different","unknown"],
      "properties":{"equal":{"type":"integer"},"pending":{"type":"integer"},
      "different":{"type":"integer"},"unknown":{"type":"integer"}}}}}},
  "differences":{"type":"array","items":{"$ref":"#/components/schemas/Difference"}}}},
"Difference":{"type":"object","required":["secondary","collection","key","kind",
  "primary_version","secondary_version"],"properties":{"secondary":{"type":"string"},
  "collection":{"type":"string"},"key":{"type":"string"},"kind":{"type":"string"},
  "primary_version":{"$ref":"#/components/schemas/Version"},
  "secondary_version":{"$ref":"#/components/schemas/Version"}}},
"Differences":{"type":"object","required":["differences"],"properties":{
  "differences":{"type":"array","items":{"$ref":"#/components/schemas/Difference"}},
  "next":{"type":"integer"}}}
})json";

}  // namespace keelson::http
