#!/usr/bin/env python3
"""Measures PUT and GET beside a secondary in each state that G3 speaks of. In a folder (rocksdb):
healthy; broken (a file in the place of its folder); missing (the folder is removed as the measurement
begins; it is noticed and filled again meanwhile); hung (its calls do not return). In a server (redis,
postgresql, mongodb): healthy; broken (it has ended); hung (it takes connections and answers nothing).
The load is wrk in a closed loop of few connections, so that the percentiles show the service and not a
queue before it. The states take turns in one service; each round begins with another one. Prints one
tab-separated row a state and round, then the medians over the rounds; times are in milliseconds,
ratios are of medians and 99th percentiles to those beside the healthy one of the same round. Nothing
else should run meanwhile.

    tests/bench/secondary.py [--seconds 5] [--rounds 8] [--keys 10000] [--connections 8]
                             [--primary sqlite:primary.db ...] [--secondary rocksdb ...]
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
from tests.support.servers import Mongo, Postgres, Redis  # noqa: E402
from tests.support.stall import Stall  # noqa: E402

SERVERS = {"mongodb": Mongo, "postgresql": Postgres, "redis": Redis}
SCRIPTS = {"PUT": "put.lua", "GET": "get.lua"}


def has_state(service, *names):
    until(lambda: service.secondary()["state"] in names, what=f"the state {names}")


@contextlib.contextmanager
def healthy(service):
    has_state(service, "live", "catching_up")
    yield
    has_state(service, "live", "catching_up")


class Folder:
    """A RocksDB secondary in a folder of its own."""

    def __init__(self, away):
        away.mkdir()
        self.place = away / "kv"
        self.stall = Stall(away)
        self.url = f"rocksdb:{self.place}"
        self.environment = self.stall.environment
        self.states = [healthy, self.broken, self.missing, self.hung]

    @contextlib.contextmanager
    def broken(self, service):
        kept = self.place.with_name("kept")
        self.place.rename(kept)
        self.place.write_text("no folder")
        has_state(service, "broken", "foreign")
        yield
        has_state(service, "broken", "foreign")
        self.place.unlink()
        kept.rename(self.place)

    @contextlib.contextmanager
    def missing(self, service):
        rebuilds = service.metric("keelson_kv_rebuilds_total")
        shutil.rmtree(self.place)
        yield
        until(lambda: service.metric("keelson_kv_rebuilds_total") > rebuilds, what="a rebuild")

    @contextlib.contextmanager
    def hung(self, service):
        self.stall.begin()
        service.put("bench", "k1", 1)
        has_state(service, "hung")
        yield
        has_state(service, "hung")
        self.stall.end()

    def end(self):
        self.stall.close()


class Server:
    """A secondary in a server that is started for it."""

    environment = {}

    def __init__(self, kind):
        self.server = kind().start()
        self.url = self.server.url
        self.states = [healthy, self.broken, self.hung]

    @contextlib.contextmanager
    def broken(self, service):
        self.server.stop()
        service.put("bench", "k1", 1)
        has_state(service, "broken")
        yield
        has_state(service, "broken")
        self.server.start()

    @contextlib.contextmanager
    def hung(self, service):
        self.server.freeze()
        service.put("bench", "k1", 1)
        yield
        self.server.freeze(False)

    def end(self):
        self.server.end()


def figures(service, state, given):
    """PUT/s, median, 99th percentile; the same of GET."""
    row = []
    for script in SCRIPTS.values():
        service.caught_up()
        with state(service):
            rate, _, median, high, errors = wrk(service, script, given.seconds, given.keys,
                                             given.connections)
        if errors:
            raise SystemExit(f"{errors} requests failed beside a {state.__name__} secondary")
        row += [rate, median, high]
    return row


def show(*columns):
    print(*(round(c, 3) if isinstance(c, float) else c for c in columns), sep="\t", flush=True)


def with_ratios(row, beside_healthy):
    return row + [row[at] / beside_healthy[at] for at in (1, 2, 4, 5)]


def measure(primary, scheme, given):
    with tempfile.TemporaryDirectory(prefix="keelson-bench-") as folder:
        folder = pathlib.Path(folder)
        place = Server(SERVERS[scheme]) if scheme in SERVERS else Folder(folder / "away")
        service = Service(folder / "data", "--primary", primary, "--secondary", f"kv={place.url}")
        service.environment = place.environment
        rows = {state.__name__: [] for state in place.states}
        try:
            service.start()
            fill(service, given.keys)
            for turn in range(given.rounds):
                first = turn % len(place.states)
                measured = {state.__name__: figures(service, state, given)
                            for state in place.states[first:] + place.states[:first]}
                for state, row in measured.items():
                    rows[state].append(with_ratios(row, measured["healthy"]))
                    show(turn + 1, primary, scheme, state, *rows[state][-1])
            service.caught_up()
            has_state(service, "live")  # it may stand at the end and not be open again yet
            if service.verify()["state"] != "equal":
                raise SystemExit("the secondary is not equal in the end")
        finally:
            place.end()
            service.stop()
        for state, of_state in rows.items():
            show("median", primary, scheme, state, *map(statistics.median, zip(*of_state)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--keys", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--primary", action="append")
    parser.add_argument("--secondary", action="append", choices=["rocksdb", *SERVERS])
    given = parser.parse_args()
    show("round", "primary", "secondary", "state", "PUT_per_second", "PUT_median", "PUT_p99",
         "GET_per_second", "GET_median", "GET_p99", "PUT_median_ratio", "PUT_p99_ratio",
         "GET_median_ratio", "GET_p99_ratio")
    for primary in given.primary or ["sqlite:primary.db", "rocksdb:main"]:
        for scheme in given.secondary or ["rocksdb"]:
            measure(primary, scheme, given)


if __name__ == "__main__":
    main()
