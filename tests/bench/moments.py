"""The figures that are no throughput: one client's wait, a load with all that belongs to it, idle
subscribers, the start. Each function returns rows (what, value, unit)."""

import asyncio
import pathlib
import time

from tests.support.harness import CITIES, Service, Subscriber, cities_file, subscribed

SUBSCRIBERS = 1000


def one_client(folder, primary, seconds, fill, wrk):
    """Durable PUTs of one client, one at a time, and what of each is not the store's own commit."""
    service = Service(pathlib.Path(folder) / "one", "--primary", primary).start()
    try:
        fill(service, 10_000)
        service.caught_up()

        def commits():
            return (service.metric("keelson_commit_sync_seconds_sum"),
                    service.metric("keelson_commit_sync_seconds_count"))

        before = commits()
        done = wrk(service, "put.lua", seconds, 10_000, connections=1)
        spent, count = (now - then for now, then in zip(commits(), before))
        commit = spent / count * 1e6
        return [(f"one client's PUT, median, {primary}", done.median * 1e3, "us"),
                (f"one client's PUT, mean, {primary}", done.mean * 1e3, "us"),
                (f"of which the store's commit, mean, {primary}", commit, "us"),
                (f"of which all else, mean, {primary}", done.mean * 1e3 - commit, "us")]
    finally:
        service.stop()


def cities(folder):
    """`keelson load` of the cities, the secondary caught up, everything compared; then a start."""
    file = cities_file(folder)
    service = Service(pathlib.Path(folder) / "cities").start()
    try:
        begun = time.monotonic()
        service.run("load", "cities", str(file), "--key", "id")
        loaded = time.monotonic()
        service.caught_up()
        followed = time.monotonic()
        service.run("verify")
        compared = time.monotonic()
        service.stop()
        stopped = time.monotonic()
        service.start()
        started = time.monotonic()
        return [(f"load of {CITIES} cities", loaded - begun, "s"),
                ("until the secondary had them too", followed - loaded, "s"),
                ("until all were compared", compared - followed, "s"),
                ("start with them, until it listens", (started - stopped) * 1e3, "ms")]
    finally:
        service.stop()


def idle_subscribers(folder):
    """The memory of the process with so many WebSocket subscribers that wait."""
    service = Service(pathlib.Path(folder) / "idle").start()

    async def measure():
        async with subscribed(*(Subscriber(service) for _ in range(SUBSCRIBERS))):
            return await asyncio.to_thread(service.metric, "keelson_process_resident_memory_bytes")

    try:
        before = service.metric("keelson_process_resident_memory_bytes")
        return [("resident memory before", before / 2**20, "MiB"),
                (f"with {SUBSCRIBERS} idle subscribers", asyncio.run(measure()) / 2**20, "MiB")]
    finally:
        service.stop()
