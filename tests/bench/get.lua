-- GETs of stored documents, spread over KEYS keys.
local keys = tonumber(os.getenv("KEELSON_BENCH_KEYS") or "10000")
local threads = 0

function setup(thread)
  thread:set("seed", threads)
  threads = threads + 1
end

function init()
  math.randomseed(seed + 1)
end

function request()
  return wrk.format("GET", "/v1/kv/bench/k" .. math.random(keys))
end

function done(summary)
  io.write(string.format("errors=%d\n", summary.errors.status + summary.errors.timeout))
end
