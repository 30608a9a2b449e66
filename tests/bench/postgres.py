#!/usr/bin/env python3
"""Measures PostgreSQL behind Keelson beside pgbench on the same server in the same run: durable PUT
and GET over HTTP with it as primary (wrk, 64 connections, documents of 150 bytes) against pgbench's
prepared upsert and select of the same documents with 64 clients; then how fast a secondary in
PostgreSQL catches up. Keelson and pgbench take turns. One tab-separated row a measurement: what,
its figure a second, and as a part of pgbench's in the same round; medians at the end. Nothing else
should run meanwhile.

    cmake --build --preset release --target keelson
    tests/bench/postgres.py [--seconds 10] [--rounds 3] [--keys 10000] [--changes 300000]
"""

import argparse
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
from tests.bench.run import fill, wrk  # noqa: E402
from tests.support.harness import Service, until  # noqa: E402
from tests.support.servers import Postgres  # noqa: E402

CLIENTS = 64
OPTIONS = ["-c", "max_connections=200", "-c", "shared_buffers=512MB", "-c", "max_wal_size=4GB"]
SCRIPTS = {
    "PUT": r"""\set k random(1, {keys})
\set n random(1000000000, 1999999999)
INSERT INTO bench VALUES ('k' || :k, ('{{"filler":"{filler}","number":' || :n || '}}')::jsonb)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;
""",
    "GET": r"""\set k random(1, {keys})
SELECT value FROM bench WHERE key = 'k' || :k;
"""}


def show(*columns):
    print(*(round(c, 2) if isinstance(c, float) else c for c in columns), sep="\t", flush=True)


def prepare(server, folder, keys):
    """The table of pgbench, with what `fill` puts into Keelson."""
    server.sql("CREATE TABLE bench (key text PRIMARY KEY, value jsonb NOT NULL)"
               " WITH (fillfactor = 80)")
    server.sql("INSERT INTO bench SELECT 'k' || i, jsonb_build_object('filler', repeat('x', 110),"
               f" 'number', i) FROM generate_series(1, {keys}) i")
    server.sql("VACUUM ANALYZE bench")
    for what, text in SCRIPTS.items():
        (folder / what).write_text(text.format(keys=keys, filler="x" * 110))


def pgbench(server, script, seconds):
    """Transactions a second."""
    done = subprocess.run(
        [server.PROGRAMS / "pgbench", "--no-vacuum", "--protocol=prepared",
         f"--client={CLIENTS}", "--jobs=1", f"--time={seconds}", f"--file={script}", server.url],
        capture_output=True, text=True, check=True, timeout=seconds + 60)
    return float(re.search(r"tps = ([\d.]+)", done.stdout)[1])


def as_primary(folder, given):
    server = Postgres(*OPTIONS).start()
    service = Service(folder / "primary", "--primary", server.url)
    try:
        prepare(server, folder, given.keys)
        service.start()
        fill(service, given.keys)
        service.caught_up()
        parts = {what: [] for what in SCRIPTS}
        for _ in range(given.rounds):
            for what, script in (("GET", "get.lua"), ("PUT", "put.lua")):
                peer = pgbench(server, folder / what, given.seconds)
                done = wrk(service, script, given.seconds, given.keys, CLIENTS)
                lag = service.secondary()["lag_seconds"]
                parts[what].append(done.rate / peer)
                show(f"pgbench {what}", round(peer), "-")
                show(f"keelson {what}", round(done.rate), done.rate / peer, f"errors={done.errors}",
                     f"lag={lag:.3f}")
                service.caught_up()
        for what, seen in parts.items():
            show(f"median {what}", "-", statistics.median(seen))
        service.stop()
    finally:
        service.end()
        server.end()


def catching_up(folder, given):
    """A secondary that was paused while so many changes were made."""
    server = Postgres(*OPTIONS).start()
    service = Service(folder / "secondary", "--secondary", f"copy={server.url}").start()
    try:
        service.put("bench", "first", 1)
        service.caught_up("copy")
        assert service.request("POST", "/v1/secondaries/copy/pause").status == 200
        fill(service, given.changes)
        before = service.secondary("copy")["lag_changes"]
        begun = time.monotonic()
        assert service.request("POST", "/v1/secondaries/copy/resume").status == 200
        until(lambda: service.secondary("copy")["applied_position"] == service.position(), 300)
        took = time.monotonic() - begun
        show("secondary catches up, changes", round(before / took), "-", f"changes={before}",
             f"seconds={took:.2f}")
        report = service.verify(secondary="copy")
        if report["state"] != "equal":
            raise SystemExit(f"the secondary is not equal: {report}")
        service.stop()
    finally:
        service.end()
        server.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keys", type=int, default=10_000)
    parser.add_argument("--changes", type=int, default=300_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="keelson-bench-") as name:
        folder = pathlib.Path(name)
        show("what", "per_second", "of_pgbench")
        as_primary(folder, given)
        catching_up(folder, given)


if __name__ == "__main__":
    main()
