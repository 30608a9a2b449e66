#!/usr/bin/env python3
"""Measures a release build over HTTP with wrk (64 connections) on this machine: GET and durable PUT
for each primary, the RocksDB secondary following, beside a bare Beast server as the ceiling. Prints
one tab-separated row a measurement: what, primary, keys, requests/s, the same as a part of the
ceiling, median and 99th percentile in milliseconds, errors, lag of the secondary at the end in
seconds. Nothing else should run meanwhile.

    cmake --build --preset release --target bench
    tests/bench/run.py [--seconds 10] [--keys 10000] [--primary sqlite:primary.db ...]
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
from tests.support.harness import BINARY, Service  # noqa: E402

SCRIPTS = pathlib.Path(__file__).resolve().parent


def milliseconds(out, percentile):
    number, unit = re.search(rf" {percentile}%\s+([\d.]+)(us|ms|s)\b", out).groups()
    return float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


def wrk(service, script, seconds, keys, connections=64):
    """Requests a second, median and 99th percentile in milliseconds, errors."""
    environment = dict(os.environ, KEELSON_BENCH_KEYS=str(keys))
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", SCRIPTS / script,
         service.url],
        capture_output=True, text=True, env=environment, check=True, timeout=seconds + 60)
    out = done.stdout
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]),
            milliseconds(out, 50), milliseconds(out, 99),
            int(re.search(r"errors=(\d+)", out)[1]))


def fill(service, keys):
    filler = "x" * 110
    for first in range(1, keys + 1, 1000):
        operations = [{"op": "put", "collection": "bench", "key": f"k{i}",
                       "value": {"filler": filler, "number": i}}
                      for i in range(first, min(first + 1000, keys + 1))]
        answer = service.request("POST", "/v1/batch", {"operations": operations})
        if answer.status != 200:
            raise SystemExit(f"the batch was refused: {answer}")


def ceiling(seconds):
    """Requests a second of the bare server."""
    server = subprocess.Popen([BINARY.with_name("bare_server")], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    try:
        class Bare:
            url = f"http://127.0.0.1:{int(server.stdout.readline())}"

        rate, median, high, errors = wrk(Bare, "get.lua", seconds, 1)
        print("bare", "-", "-", round(rate), 1.0, median, high, errors, "-", sep="\t", flush=True)
        return rate
    finally:
        server.communicate()


def measure(primary, seconds, keys, most):
    with tempfile.TemporaryDirectory(prefix="keelson-bench-") as folder:
        service = Service(pathlib.Path(folder) / "data", "--primary", primary).start()
        try:
            fill(service, keys)
            service.caught_up()
            for what, script in (("GET", "get.lua"), ("PUT", "put.lua")):
                rate, median, high, errors = wrk(service, script, seconds, keys)
                lag = service.secondary()["lag_seconds"]
                print(what, primary, keys, round(rate), round(rate / most, 2), median, high, errors, round(lag, 3),
                      sep="\t", flush=True)
            service.caught_up()
        finally:
            service.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--keys", type=int, default=10_000)
    parser.add_argument("--primary", action="append")
    given = parser.parse_args()
    print("what", "primary", "keys", "per_second", "of_ceiling", "median", "p99", "errors", "lag",
          sep="\t")
    most = ceiling(given.seconds)
    for primary in given.primary or ["sqlite:primary.db", "rocksdb:main"]:
        measure(primary, given.seconds, given.keys, most)


if __name__ == "__main__":
    main()
