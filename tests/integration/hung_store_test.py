"""A store that hangs, or whose file somebody else has locked: G3, G9, G10."""

import concurrent.futures
import itertools
import sqlite3
import unittest

from tests.support.harness import ServiceTest, until
from tests.support.small_disk import SmallDisk
from tests.support.stall import Stall

BEFORE, DURING = 200, 50


class Hung(ServiceTest):
    def stalled(self, *flags):
        """A service that has not been started, and the stall of the files in `away`."""
        self.away = self.folder / "away"
        self.away.mkdir()
        stall = Stall(self.away)
        self.addCleanup(stall.close)
        service = self.service(*(flag.format(away=self.away) for flag in flags), start=False)
        service.environment = stall.environment
        return service, stall

    def write(self, service, count, prefix):
        for i in range(count):
            answer = service.put("cities", f"{prefix}{i}", {"n": i})
            self.assertIn(answer.status, (200, 201), answer)
            self.assertEqual(service.get("cities", f"{prefix}{i}").json(), {"n": i})

    def check_equal(self, service, count):
        service.caught_up()
        until(lambda: service.secondary()["state"] == "live", what="the state live")
        report = service.verify()
        self.assertEqual(report["state"], "equal", report)
        for secondary in report["secondaries"]:
            self.assertEqual(secondary["counts"]["equal"], count, secondary)


class HungSecondary(Hung):
    def hung(self, engine):
        service, stall = self.stalled("--secondary", f"kv={engine}:{{away}}/kv",
                                      "--secondary", "near=sqlite:near.db")
        service.start()
        self.write(service, BEFORE, "before")
        service.caught_up()
        stall.begin()
        self.write(service, DURING, "during")
        until(stall.calls, what="a call that hangs")
        until(lambda: service.secondary()["state"] == "hung", what="the state hung")
        return service, stall

    def check_hung(self, engine):
        service, stall = self.hung(engine)
        self.write(service, DURING, "after")

        ready = service.request("GET", "/readyz")
        self.assertEqual((ready.status, ready.json()["state"]), (200, "degraded"))
        shown = next(c for c in ready.json()["components"] if c["name"] == "kv")
        self.assertEqual(shown["state"], "hung")
        self.assertIn("has not returned for 10 s", shown["reason"])
        self.assertGreaterEqual(service.secondary()["lag_changes"], 2 * DURING - 1)
        until(lambda: service.metric("keelson_kv_lag_changes") >= 2 * DURING - 1,
              what="the lag in the metrics")
        self.assertGreater(service.metric("keelson_kv_lag_seconds"), 9)
        self.assertEqual(service.metric("keelson_kv_state", secondary="kv", state="hung"), 1)

        service.caught_up("near")
        self.assertEqual(service.verify(secondary="near")["state"], "equal")

        # Who asks for the secondary gets an answer within the deadline, and nobody else waits.
        waited = service.get("cities", "before1", "?verify=wait&timeout=1s")
        self.assertEqual((waited.status, waited.json()), (200, {"n": 1}))
        self.assertIn("near=equal", waited.headers["Keelson-Consistency"])
        self.assertIn(service.get("cities", "before1", "?store=kv&timeout=1s").status, (200, 503))

        stall.end()
        self.check_equal(service, BEFORE + 2 * DURING)
        self.assertEqual(service.request("GET", "/readyz").json()["state"], "ready")
        self.assertEqual(service.stop(), 0)

    def test_rocksdb_hangs_and_nothing_else_waits(self):
        self.check_hung("rocksdb")

    def test_sqlite_hangs_and_nothing_else_waits(self):
        self.check_hung("sqlite")

    def check_stop(self, engine):
        service, stall = self.hung(engine)
        self.assertEqual(service.stop(), 1)  # within 10 s, and says that it was not clean
        self.assertIn("phase=replicators state=abandoned", service.log())
        stall.end()
        service.start()
        for i in range(DURING):
            self.assertEqual(service.get("cities", f"during{i}").json(), {"n": i})
        self.check_equal(service, BEFORE + DURING)
        self.assertEqual(service.stop(), 0)

    def test_a_stop_leaves_a_hung_rocksdb_behind(self):
        self.check_stop("rocksdb")

    def test_a_stop_leaves_a_hung_sqlite_behind(self):
        self.check_stop("sqlite")

    def test_the_primary_is_opened_anew_meanwhile(self):
        disk = SmallDisk(self, 96, ballast=64)
        service, stall = self.stalled("--primary", f"rocksdb:{disk.path}/main",
                                      "--secondary", "kv=sqlite:{away}/kv")
        service.start()
        self.write(service, BEFORE, "before")
        service.caught_up()
        stall.begin()
        self.write(service, DURING, "during")  # the reads are compared with the secondary
        until(lambda: stall.calls() >= 2, what="a write and a comparison that hang")
        filler = itertools.count()
        until(lambda: service.put("filler", str(next(filler)), "x" * 500_000).status == 507,
              what="a full disk")
        disk.make_room()
        until(lambda: service.put("cities", "room", 1).status == 201, what="a write that is stored")
        self.assertEqual(service.get("cities", "room").json(), 1)
        stall.end()
        service.caught_up()
        self.assertEqual(service.verify()["state"], "equal")

    def test_a_locked_sqlite_file_is_said_to_be(self):
        copy = self.folder / "copy.db"
        service = self.service("--secondary", f"kv=sqlite:{copy}")
        self.write(service, BEFORE, "before")
        service.caught_up()
        other = sqlite3.connect(copy, isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        self.write(service, DURING, "during")
        until(lambda: service.secondary()["state"] == "broken", what="the state broken")
        self.assertIn("locked", service.secondary()["reason"])
        self.assertEqual(service.request("GET", "/readyz").json()["state"], "degraded")
        self.write(service, DURING, "after")
        until(lambda: service.metric("keelson_kv_lag_changes") >= 2 * DURING - 1,
              what="the lag in the metrics")
        other.execute("ROLLBACK")
        self.check_equal(service, BEFORE + 2 * DURING)


class HungPrimary(Hung):
    def hung(self):
        service, stall = self.stalled("--primary", "sqlite:{away}/primary.db")
        service.start()
        self.write(service, 1, "before")
        self.assertEqual(service.stop(), 0)
        stall.begin()
        service.start(wait=False)
        until(stall.calls, what="a call that hangs")
        return service, stall

    def test_one_that_hangs_at_the_start_is_a_state(self):
        service, stall = self.hung()
        until(lambda: "event=listening" in service.log().split("event=stopped")[-1],
              what="keelson listening")
        until(lambda: "hung" in service.request("GET", "/readyz").body.decode(),
              what="the state hung")
        self.assertEqual(service.request("GET", "/readyz").status, 503)
        self.assertEqual(service.put("cities", "a", 1).status, 503)
        self.assertEqual(service.get("cities", "before0").status, 503)
        stall.end()
        until(lambda: service.request("GET", "/readyz").status == 200, what="readiness")
        self.assertEqual(service.get("cities", "before0").json(), {"n": 0})
        self.check_equal(service, 1)
        self.assertEqual(service.stop(), 0)

    def test_what_waits_for_one_that_hangs_is_shown_and_answered(self):
        service, stall = self.stalled("--primary", "sqlite:{away}/primary.db")
        service.start()
        self.write(service, 1, "before")
        stall.begin()

        def put(i):
            return service.request("PUT", f"/v1/kv/cities/{i}?timeout=60s", "1", timeout=90).status

        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            sent = []

            def waits():
                # Those that come before the writer hangs go with it.
                if len(sent) < 20:
                    sent.append(pool.submit(put, len(sent)))
                return service.metric("keelson_writer_queue_commits") >= 3

            until(waits, what="the queue")
            self.assertGreater(service.metric("keelson_writer_queue_bytes"), 0)
            stall.end()
            self.assertEqual({each.result() for each in sent}, {201})
        until(lambda: service.metric("keelson_writer_queue_commits") == 0, what="an empty queue")
        self.assertEqual(service.stop(), 0)

    def test_a_signal_ends_a_start_that_hangs(self):
        service, _ = self.hung()
        self.assertEqual(service.stop(), 1)
        self.assertIn("before anything was served", service.log())


if __name__ == "__main__":
    unittest.main()
