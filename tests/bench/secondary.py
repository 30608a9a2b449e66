#!/usr/bin/env python3
"""Measures PUT and GET beside a secondary in each state that G3 speaks of: healthy; broken (a file
in the place of its folder); missing (the folder is removed as the measurement begins; it is noticed
and filled again meanwhile); hung (its calls do not return). The load is wrk in a closed loop of few
connections, so that the percentiles show the service and not a queue before it. The states take
turns in one service; each round begins with another one. Prints one tab-separated row a state and
round, then the medians over the rounds; times are in milliseconds, ratios are of the 99th
percentiles to those beside the healthy one of the same round. Nothing else should run meanwhile.

    tests/bench/secondary.py [--seconds 5] [--rounds 8] [--keys 10000] [--connections 8]
                             [--primary sqlite:primary.db ...]
"""

import argparse
import contextlib
import pathlib
import shutil
import statistics
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
from tests.bench.run import fill, wrk  # noqa: E402
from tests.support.harness import Service, until  # noqa: E402
from tests.support.stall import Stall  # noqa: E402


def has_state(service, *names):
    until(lambda: service.secondary()["state"] in names, what=f"the state {names}")


@contextlib.contextmanager
def healthy(service, _stall, _place):
    has_state(service, "live", "catching_up")
    yield
    has_state(service, "live", "catching_up")


@contextlib.contextmanager
def broken(service, _stall, place):
    kept = place.with_name("kept")
    place.rename(kept)
    place.write_text("no folder")
    has_state(service, "broken", "foreign")
    yield
    has_state(service, "broken", "foreign")
    place.unlink()
    kept.rename(place)


@contextlib.contextmanager
def missing(service, _stall, place):
    rebuilds = service.metric("keelson_kv_rebuilds_total")
    shutil.rmtree(place)
    yield
    until(lambda: service.metric("keelson_kv_rebuilds_total") > rebuilds, what="a rebuild")


@contextlib.contextmanager
def hung(service, stall, _place):
    stall.begin()
    service.put("bench", "k1", 1)
    has_state(service, "hung")
    yield
    has_state(service, "hung")
    stall.end()


STATES = [healthy, broken, missing, hung]
SCRIPTS = {"PUT": "put.lua", "GET": "get.lua"}


def figures(service, stall, place, state, given):
    """PUT/s, median, 99th percentile; the same of GET."""
    row = []
    for script in SCRIPTS.values():
        service.caught_up()
        with state(service, stall, place):
            rate, _, median, high, errors = wrk(service, script, given.seconds, given.keys,
                                             given.connections)
        if errors:
            raise SystemExit(f"{errors} requests failed beside a {state.__name__} secondary")
        row += [rate, median, high]
    return row


def show(*columns):
    print(*(round(c, 3) if isinstance(c, float) else c for c in columns), sep="\t", flush=True)


def with_ratios(row, beside_healthy):
    return row + [row[2] / beside_healthy[2], row[5] / beside_healthy[5]]


def measure(primary, given):
    with tempfile.TemporaryDirectory(prefix="keelson-bench-") as folder:
        away = pathlib.Path(folder) / "away"
        away.mkdir()
        stall = Stall(away)
        place = away / "kv"
        service = Service(pathlib.Path(folder) / "data", "--primary", primary,
                          "--secondary", f"kv=rocksdb:{place}")
        service.environment = stall.environment
        service.start()
        rows = {state: [] for state in STATES}
        try:
            fill(service, given.keys)
            for turn in range(given.rounds):
                first = turn % len(STATES)
                measured = {state: figures(service, stall, place, state, given)
                            for state in STATES[first:] + STATES[:first]}
                for state, row in measured.items():
                    rows[state].append(with_ratios(row, measured[healthy]))
                    show(turn + 1, primary, state.__name__, *rows[state][-1])
            service.caught_up()
            has_state(service, "live")  # it may stand at the end and not be open again yet
            if service.verify()["state"] != "equal":
                raise SystemExit("the secondary is not equal in the end")
        finally:
            stall.close()
            service.stop()
        for state, of_state in rows.items():
            show("median", primary, state.__name__, *map(statistics.median, zip(*of_state)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--keys", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--primary", action="append")
    given = parser.parse_args()
    show("round", "primary", "secondary", "PUT_per_second", "PUT_median", "PUT_p99",
         "GET_per_second", "GET_median", "GET_p99", "PUT_p99_ratio", "GET_p99_ratio")
    for primary in given.primary or ["sqlite:primary.db", "rocksdb:main"]:
        measure(primary, given)


if __name__ == "__main__":
    main()
