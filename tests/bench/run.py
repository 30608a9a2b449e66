#!/usr/bin/env python3
"""Measures a release build on this machine. Nothing else should run meanwhile.

First over HTTP with wrk, 64 connections: GET and durable PUT for each primary and number of keys,
the RocksDB secondary following, beside a bare Beast server as the ceiling. One tab-separated row a
measurement: what, primary, keys, requests/s, the same as a part of the ceiling, median and 99th
percentile in milliseconds, errors, lag of the secondary at the end in seconds. Then what is no
throughput, as rows of what, value and unit: see moments.py.

    cmake --build --preset release --target bench
    tests/bench/run.py [--seconds 10] [--keys 10000 ...] [--primary sqlite:primary.db ...]
                       [--only throughput|moments]
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import typing

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
from tests.bench import moments  # noqa: E402
from tests.support.harness import BINARY, Service  # noqa: E402

SCRIPTS = pathlib.Path(__file__).resolve().parent


class Run(typing.NamedTuple):
    """What wrk saw: requests a second, times in milliseconds, errors."""
    rate: float
    mean: float
    median: float
    high: float
    errors: int


def milliseconds(out, label):
    number, unit = re.search(rf" {label}\s+([\d.]+)(us|ms|s)\b", out).groups()
    return float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


def wrk(service, script, seconds, keys, connections=64):
    environment = dict(os.environ, KEELSON_BENCH_KEYS=str(keys))
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", SCRIPTS / script,
         service.url],
        capture_output=True, text=True, env=environment, check=True, timeout=seconds + 60)
    out = done.stdout
    return Run(float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]),
               milliseconds(out, "Latency"), milliseconds(out, "50%"), milliseconds(out, "99%"),
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

        done = wrk(Bare, "get.lua", seconds, 1)
        print("bare", "-", "-", round(done.rate), 1.0, done.median, done.high, done.errors, "-",
              sep="\t", flush=True)
        return done.rate
    finally:
        server.communicate()


def measure(primary, seconds, keys, most):
    with tempfile.TemporaryDirectory(prefix="keelson-bench-") as folder:
        service = Service(pathlib.Path(folder) / "data", "--primary", primary).start()
        try:
            fill(service, keys)
            service.caught_up()
            for what, script in (("GET", "get.lua"), ("PUT", "put.lua")):
                done = wrk(service, script, seconds, keys)
                lag = service.secondary()["lag_seconds"]
                print(what, primary, keys, round(done.rate), round(done.rate / most, 2),
                      done.median, done.high, done.errors, round(lag, 3), sep="\t", flush=True)
            service.caught_up()
        finally:
            service.stop()


def throughput(primaries, seconds, keys):
    print("what", "primary", "keys", "per_second", "of_ceiling", "median", "p99", "errors", "lag",
          sep="\t")
    most = ceiling(seconds)
    for count in keys:
        for primary in primaries:
            measure(primary, seconds, count, most)


def all_moments(primaries, seconds):
    print("what", "value", "unit", sep="\t")
    with tempfile.TemporaryDirectory(prefix="keelson-bench-") as folder:
        rows = [moments.cities(folder), moments.idle_subscribers(folder)]
        for number, primary in enumerate(primaries):
            place = pathlib.Path(folder) / str(number)
            place.mkdir()
            rows.append(moments.one_client(place, primary, seconds, fill, wrk))
    for what, value, unit in sum(rows, []):
        print(what, round(value, 1 if value > 10 else 2), unit, sep="\t", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--keys", type=int, action="append", help="default: 10000 and 1000000")
    parser.add_argument("--primary", action="append", help="default: SQLite and RocksDB")
    parser.add_argument("--only", choices=["throughput", "moments"])
    given = parser.parse_args()
    primaries = given.primary or ["sqlite:primary.db", "rocksdb:main"]
    if given.only != "moments":
        throughput(primaries, given.seconds, given.keys or [10_000, 1_000_000])
    if given.only != "throughput":
        all_moments(primaries, given.seconds)


if __name__ == "__main__":
    main()
