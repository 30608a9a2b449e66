#!/usr/bin/env python3
"""Measures how fast a secondary catches up from the log: it is paused, documents are loaded into
the primary, and it is resumed. Prints one tab-separated row a round: changes, seconds, changes a
second, processor seconds of the service. In the end the stores are compared. Nothing else should
run meanwhile.

    tests/bench/catching_up.py [--secondary redis] [--changes 500000] [--rounds 3]
                               [--primary sqlite:primary.db]
"""

import argparse
import json
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
from tests.support.harness import Service, until  # noqa: E402
from tests.support.servers import Redis  # noqa: E402

SERVERS = {"redis": Redis}


def documents(path, changes, turn):
    """Of some 150 bytes; each round writes other values under the same keys."""
    with open(path, "w", encoding="ascii") as out:
        for i in range(changes):
            out.write(json.dumps({"id": f"k{i:07}", "name": f"a document of round {turn}",
                                  "country": "XX", "population": i * 7 + turn,
                                  "place": [i / 1000, -i / 700], "tags": ["a", "b", str(i)]}) + "\n")


def processor_seconds(service):
    fields = pathlib.Path(f"/proc/{service.process.pid}/stat").read_text("ascii").split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def ask(service, verb):
    answer = service.request("POST", f"/v1/secondaries/copy/{verb}")
    if answer.status != 200:
        raise SystemExit(f"{verb}: {answer}")


def measure(service, folder, given, turn):
    path = folder / "documents.ndjson"
    documents(path, given.changes, turn)
    service.caught_up("copy")
    ask(service, "pause")
    service.run("load", "bench", path, "--key", "id")
    end = service.settled()
    used, begun = processor_seconds(service), time.monotonic()
    ask(service, "resume")
    until(lambda: service.secondary("copy")["applied_position"] == end, 600, "the end of the log")
    taken = time.monotonic() - begun
    return given.changes, taken, given.changes / taken, processor_seconds(service) - used


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--secondary", choices=SERVERS, default="redis")
    parser.add_argument("--changes", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--primary", default="sqlite:primary.db")
    given = parser.parse_args()
    server = SERVERS[given.secondary]().start()
    print("changes", "seconds", "per_second", "processor_seconds", sep="\t", flush=True)
    with tempfile.TemporaryDirectory(prefix="keelson-bench-") as name:
        folder = pathlib.Path(name)
        service = Service(folder / "data", "--primary", given.primary, "--secondary",
                          f"copy={server.url}")
        service.start()
        try:
            for turn in range(given.rounds):
                row = measure(service, folder, given, turn)
                print(*(round(each, 2) for each in row), sep="\t", flush=True)
            if service.verify()["state"] != "equal":
                raise SystemExit("the secondary is not equal in the end")
        finally:
            service.stop()
            server.end()


if __name__ == "__main__":
    main()
