-- Durable PUTs of 150 bytes over KEYS keys, each thread from a seed of its own.
local keys = tonumber(os.getenv("KEELSON_BENCH_KEYS") or "10000")
local threads = 0

function setup(thread)
  thread:set("seed", threads)
  threads = threads + 1
end

function init()
  math.randomseed(seed + 1)
  headers = { ["Content-Type"] = "application/json" }
  filler = string.rep("x", 110)
end

function request()
  local key = math.random(keys)
  local body = string.format('{"filler":"%s","number":%d}', filler, 1000000000 + math.random(999999999))
  return wrk.format("PUT", "/v1/kv/bench/k" .. key, headers, body)
end

function done(summary)
  io.write(string.format("errors=%d\n", summary.errors.status + summary.errors.timeout))
end
