#include "config/command_examples.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace keelson::config {

namespace {

using example = std::pair<std::string_view, std::string_view>;

constexpr auto table = std::to_array<example>({
    {"serve", R"(keelson serve
keelson serve --data /srv/keelson --primary rocksdb:main --secondary copy=sqlite:copy.db
keelson serve --config /etc/keelson.yaml --listen 0.0.0.0:8470 --auth-tokens app:write:@/etc/app)"},
    {"config", R"(keelson config --config /etc/keelson.yaml
keelson config --json | jq -r 'select(.source != "default") | .name')"},
    {"backends", R"(keelson backends
keelson backends --json | jq -r 'select(.in_build) | .url')"},
    {"put", R"(keelson put cities 2988507 '{"name":"Paris"}'
keelson put cities 2988507 @paris.json --if-none-match
jq .city order.json | keelson put cities 2988507)"},
    {"get", R"(keelson get cities 2988507
keelson get cities 2988507 --store kv
keelson get cities 2988507 --verify wait --json)"},
    {"delete", R"(keelson delete cities 2988507
keelson delete cities 2988507 --if-match 43)"},
    {"list", R"(keelson list cities --prefix 29 --limit 10
keelson list cities --keys | cut -f1)"},
    {"load", R"(keelson load cities cities.ndjson.gz --key id
zcat cities.ndjson.gz | keelson load cities - --key id)"},
    {"import", R"(keelson import sqlite:shop.db --from customers --collection customers --key id
keelson import postgresql://me@db.example.org/shop --from public.orders --collection orders --key id
keelson import ndjson:cities.ndjson.gz --collection cities --key id)"},
    {"dump", R"(keelson dump cities cities.ndjson.gz
keelson dump cities --values | jq .name)"},
    {"watch", R"(keelson watch cities
keelson watch cities visits --since start --json
keelson watch cities --snapshot --count 100)"},
    {"verify", R"(keelson verify
keelson verify --secondary kv --collection cities && echo equal)"},
    {"status", R"(keelson status
keelson status --url https://keelson.example.org --token @/etc/keelson/operator.token
keelson status --json | jq -r '.secondaries[] | .name + " " + .state')"},
    {"secondary", R"(keelson secondary pause kv
keelson secondary rebuild kv --confirm)"},
    {"completion", "source <(keelson completion)"},
    {"manual", "keelson manual | man -l -"},
});

}  // namespace

std::string_view examples_of(std::string_view command) noexcept {
  const auto found = std::ranges::find(table, command, &example::first);
  return found == table.end() ? std::string_view() : found->second;
}

}  // namespace keelson::config
