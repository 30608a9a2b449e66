"""The machine's wall clock is set forward and back by hours and days while the service runs:
what was promised by versions, positions and real time still holds."""

import asyncio
import datetime
import email.utils
import json
import unittest

from tests.support.frames import Frames
from tests.support.harness import ServiceTest, until
from tests.support.raw_http import EventStream
from tests.support.wall_clock import WallClock

JUMPS = [0, 5, -7, 30, 3, -240, 300, 0]  # hours from the true time, one after the other


def instant(text):
    return datetime.datetime.fromisoformat(text)


class Clock(ServiceTest):
    def setUp(self):
        super().setUp()
        self.clock = WallClock(self.folder)
        self.addCleanup(self.clock.close)
        self.begun = self.clock.now()

    def timed(self, *flags):
        service = self.service(*flags, start=False)
        service.environment = self.clock.environment
        return service.start()

    def test_writes_reads_and_feeds_go_on(self):
        service = self.timed()
        events = EventStream(service.port, "/v1/changes?collection=c")
        self.addCleanup(events.socket.close)
        start = events.event()["data"]["position"]
        keys, seen = [], []

        async def scenario():
            async with Frames(service) as frames:
                await frames.subscribe(collection="c")
                for number, hours in enumerate(JUMPS):
                    self.clock.set(hours)
                    keys.append(self.write(service, number))
                    seen.append(await frames.read())
                    self.assertEqual(await frames.ask({"type": "ping"}), {"type": "pong"})

        asyncio.run(scenario())
        page = service.request("GET", f"/v1/changes?since={start}&collection=c").json()
        changes = [change for frame in seen for change in frame["changes"]]
        self.assertEqual(changes, page["changes"])
        self.assertEqual([events.event()["data"] for _ in changes], changes)
        self.check_order(changes)
        self.assertEqual(len(set(keys)), len(JUMPS))
        service.caught_up()
        self.assertEqual(service.verify()["state"], "equal")
        self.assertEqual(service.metric("keelson_actor_restarts_total"), 0)
        self.assertEqual(service.stop(), 0)

    def write(self, service, number):
        """A document under the same key, one under a made key, and what is said of the first."""
        until(lambda: abs(self.date(service.request("GET", "/healthz"), "Date")
                          - self.clock.now()) < 60, what="the time in the answers")
        stored = service.put("c", "a", number)
        self.assertEqual(stored.status, 201 if number == 0 else 200)
        read = service.get("c", "a", "?verify=wait")
        self.assertEqual((read.status, read.json()), (200, number))
        self.assertIn(read.headers["Keelson-Consistency"], ("kv=equal", "kv=pending"))
        self.assertLessEqual(self.date(read, "Last-Modified"), self.date(read, "Date"))
        late = service.get("c", "a", "?timeout=100ms&min_position="
                           + stored.json()["position"].split(":")[0] + ":1000000")
        self.assertEqual(late.status, 504)
        until(lambda: service.secondary()["lag_changes"] == 0, what="the secondary")
        self.assertGreaterEqual(service.secondary()["lag_seconds"], 0)
        self.assertGreaterEqual(service.metric("keelson_kv_lag_seconds"), 0)
        self.assertLess(service.status()["uptime_seconds"], 600)
        made = service.request("POST", "/v1/kv/made", json.dumps(number))
        self.assertEqual(made.status, 201)
        return made.json()["key"]

    @staticmethod
    def date(answer, name):
        return email.utils.parsedate_to_datetime(answer.headers[name]).timestamp()

    def check_order(self, changes):
        versions = [change["version"] for change in changes]
        times = [instant(change["time"]) for change in changes]
        self.assertEqual(versions, sorted(set(versions)))
        self.assertEqual(times, sorted(times))
        # The time of the clock, but never before that of an earlier change.
        latest = 0
        for hours, time in zip(JUMPS, times):
            latest = max(latest, hours)
            self.assertLess(abs(time.timestamp() - self.begun - latest * 3600), 600)

    def test_answers_are_kept_for_their_time_not_for_what_the_clock_says(self):
        service = self.timed("--idempotency-age", "1d")
        put = ("PUT", "/v1/kv/c/a", "1", {"Idempotency-Key": "kept"})
        first = service.request(*put)
        for number, hours in enumerate((30, -30, 300, 0)):
            self.clock.set(hours)
            # What takes the old ones away is the next answer that is kept.
            other = service.request("PUT", "/v1/kv/c/b", "1", {"Idempotency-Key": f"k{number}"})
            self.assertIn(other.status, (200, 201))
            again = service.request(*put)
            self.assertEqual((again.status, again.body), (first.status, first.body))
        self.assertEqual(service.get("c", "a").headers["ETag"], first.headers["ETag"])

    def test_the_log_is_kept_for_its_time_not_for_what_the_clock_says(self):
        service = self.timed("--retention-age", "1d", "--retention-changes", "1")
        start = service.status()["oldest"]
        for hours in (0, 48, -48, 0):
            self.clock.set(hours)
            for number in range(10):
                service.put("c", "a", number)
            self.wait_for_housekeeping(service)
        self.assertEqual(service.status()["oldest"], start)
        page = service.request("GET", "/v1/changes?since=start").json()
        self.assertEqual(len(page["changes"]), 40)

    def wait_for_housekeeping(self, service):
        """The writer looks once a second whether its files are where they were, and trims."""
        place, away = service.folder / "primary.db", service.folder / "away"
        place.rename(away)
        until(lambda: service.status()["primary"]["state"] == "foreign", what="the next look")
        away.rename(place)
        until(lambda: service.status()["primary"]["state"] == "serving", what="the look after it")

    def test_a_start_by_another_clock(self):
        service = self.timed()
        version = service.put("c", "a", 1).json()["version"]
        for hours in (30, -100):
            self.assertEqual(service.stop(), 0)
            self.clock.set(hours)
            service.start()
            answer = service.put("c", "a", hours)
            self.assertEqual((answer.status, answer.json()["version"]), (200, version + 1))
            version += 1
        page = service.request("GET", "/v1/changes?since=start").json()
        times = [instant(change["time"]) for change in page["changes"]]
        self.assertEqual((len(times), times), (3, sorted(times)))
        self.assertNotIn("history_replaced", service.log())
        service.caught_up()
        self.assertEqual(service.verify()["state"], "equal")


if __name__ == "__main__":
    unittest.main()
