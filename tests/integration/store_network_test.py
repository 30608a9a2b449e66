"""The network between the service and the servers of its stores drops, stalls, slows, slices and cuts
connections: G1, G4, G9, G10. No acknowledged write is lost, a lost answer is settled by the writer or
by the idempotency key, and everything goes on by itself once the network is back."""

import threading
import time
import urllib.parse

from tests.support.gate import Gate
from tests.support.harness import ServiceTest, until
from tests.support.servers import LastingRedis, Mongo, Postgres, Redis

WRITERS = 8
PACE = 0.02         # seconds between a writer's writes, so that every server can follow
RECOVERED = 5       # seconds after the network is back


def through(gate, url):
    """The URL of a server as it is behind the gate."""
    parts = urllib.parse.urlsplit(url)
    return parts._replace(netloc=parts.netloc.replace(f":{parts.port}", f":{gate.port}")).geturl()


class Writer(threading.Thread):
    """Writes documents one after the other, each under a key of its own, until its outcome is known."""

    def __init__(self, service, number):
        super().__init__(daemon=True)
        self.service, self.number = service, number
        self.ending = threading.Event()
        self.acknowledged = []      # (key, version)
        self.statuses = set()
        self.failure = None

    def run(self):
        try:
            while not self.ending.is_set():
                key = f"w{self.number}-{len(self.acknowledged)}"
                self.acknowledged.append((key, self.write(key)))
                self.ending.wait(PACE)
        except Exception as problem:    # shown by the test
            self.failure = problem

    def write(self, key):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            answer = self.service.put("network", key, {"by": self.number}, **{"Idempotency-Key": key})
            self.statuses.add(answer.status)
            if answer.status in (200, 201):
                return answer.json()["version"]
            if answer.status == 503:
                assert int(answer.headers["Retry-After"]) >= 0, answer
            else:
                assert answer.status == 504, answer
            threading.Event().wait(0.02)
        raise AssertionError(f"{key} was never written")


class StoreNetwork(ServiceTest):
    def server(self, kind):
        if kind.lack():
            self.skipTest(kind.lack())
        server = kind()
        self.addCleanup(server.end)
        return server.start()

    def gated(self, server):
        gate = Gate(server.port)
        self.addCleanup(gate.close)
        return gate

    def flags(self, server_kind, role, url):
        if role == "secondary":
            return ("--secondary", f"kv={url}")
        # The tests' own server does not say that it keeps its data.
        volatile = ("--primary-allow-volatile",) if server_kind is Mongo else ()
        return ("--primary", url, *volatile)

    def started(self, server_kind, role):
        server = self.server(server_kind)
        self.gate = self.gated(server)
        url = through(self.gate, server.url)
        service = self.service(*self.flags(server_kind, role, url), name=role)
        until(lambda: service.secondary()["state"] == "live", what="the state live")
        writers = [Writer(service, number) for number in range(WRITERS)]
        for each in writers:
            each.start()
        return service, writers

    def goes_on(self, writers, seconds=30):
        """Every writer gets further."""
        before = [len(each.acknowledged) for each in writers]
        until(lambda: all(each.failure or len(each.acknowledged) > then
                          for each, then in zip(writers, before)), seconds, "a write of each writer")
        self.assertEqual([each.failure for each in writers], [None] * WRITERS)

    def check_end(self, service, writers):
        for each in writers:
            each.ending.set()
        for each in writers:
            each.join()
        self.assertEqual([each.failure for each in writers], [None] * WRITERS)
        acknowledged = dict(pair for each in writers for pair in each.acknowledged)
        # Exactly one change for each document: none was lost, none written twice.
        self.assertEqual(int(service.position().split(":")[1]), len(acknowledged))
        service.caught_up()
        found = {}
        after = ""
        while True:
            page = service.request("GET", f"/v1/kv/network?values=false&limit=1000&after={after}").json()
            found.update((item["key"], item["version"]) for item in page["items"])
            after = page.get("next", "")
            if not after:
                break
        self.assertEqual(found, acknowledged)
        report = service.verify()
        self.assertEqual(report["state"], "equal", report)
        self.assertEqual(report["secondaries"][0]["counts"]["equal"], len(acknowledged))
        return {status for each in writers for status in each.statuses}

    def check_primary(self, server_kind):
        service, writers = self.started(server_kind, "primary")
        self.goes_on(writers)
        with self.subTest("cut"):
            self.gate.cut()
            until(lambda: all(503 in each.statuses for each in writers), what="an answer to each")
            self.gate.open()
            self.goes_on(writers, RECOVERED)
        with self.subTest("answers lost"):
            for _ in range(5):
                self.gate.cut_after(0)
                self.assertTrue(self.gate.is_cut.wait(30))
                self.gate.open()
                self.goes_on(writers, RECOVERED)
        with self.subTest("stalled"):
            self.gate.stall()
            def put():
                return service.request("PUT", "/v1/kv/network/stalled?timeout=300ms", "1",
                                       {"Idempotency-Key": "stalled"})
            self.assertIn(put().status, (503, 504))
            self.gate.open()
            self.goes_on(writers, RECOVERED)
            done = put()
            self.assertEqual(done.status, 201)
            writers[0].acknowledged.append(("stalled", done.json()["version"]))
        with self.subTest("slow"):
            self.gate.slow(0.05)
            self.goes_on(writers)
            self.gate.open()
        with self.subTest("sliced"):
            self.gate.slice(7)
            self.goes_on(writers)
            self.gate.open()
        return service, writers

    def check_secondary(self, server_kind):
        service, writers = self.started(server_kind, "secondary")
        for trouble, begin in (("cut", self.gate.cut), ("stalled", self.gate.stall),
                               ("slow", lambda: self.gate.slow(0.05)),
                               ("sliced", lambda: self.gate.slice(7))):
            with self.subTest(trouble):
                begin()
                self.goes_on(writers)
                self.gate.open()
                self.goes_on(writers)
        with self.subTest("answers lost"):
            for _ in range(5):
                self.gate.cut_after(0)
                self.assertTrue(self.gate.is_cut.wait(30))
                self.goes_on(writers)
                self.gate.open()
        until(lambda: service.secondary()["state"] == "live", what="the state live")
        self.assertEqual(self.check_end(service, writers), {201})

    def check_stop(self, server_kind, role):
        """A server that has taken a connection and answers nothing keeps nothing from ending."""
        service, writers = self.started(server_kind, role)
        self.goes_on(writers)
        self.gate.stall()
        if role == "secondary":
            self.goes_on(writers)
        else:
            answer = service.request("PUT", "/v1/kv/network/late?timeout=500ms", "1")
            self.assertIn(answer.status, (503, 504), answer)
            self.assertEqual(service.request("GET", "/healthz").status, 200)
        for each in writers:
            each.ending.set()
        self.assertIn(service.stop(), (0, 1))

    def test_a_stop_beside_a_postgresql_that_hangs(self):
        for role in ("primary", "secondary"):
            with self.subTest(role):
                self.check_stop(Postgres, role)

    def test_a_stop_beside_a_redis_that_hangs(self):
        for role in ("primary", "secondary"):
            with self.subTest(role):
                self.check_stop(LastingRedis, role)

    def test_a_stop_beside_a_mongodb_that_hangs(self):
        for role in ("primary", "secondary"):
            with self.subTest(role):
                self.check_stop(Mongo, role)

    def check_start(self, server_kind):
        server = self.server(server_kind)
        gate = self.gated(server)
        gate.stall()
        service = self.service(*self.flags(server_kind, "primary", through(gate, server.url)))
        ready = service.request("GET", "/readyz")
        self.assertEqual(ready.status, 503, ready)
        answer = service.put("network", "a", 1)
        self.assertEqual(answer.status, 503, answer)
        self.assertIn("Retry-After", answer.headers)
        gate.open()
        until(lambda: service.put("network", "a", 1).status == 201, what="a write that is taken")

    def test_a_start_beside_a_postgresql_that_hangs(self):
        self.check_start(Postgres)

    def test_a_start_beside_a_redis_that_hangs(self):
        self.check_start(LastingRedis)

    def test_a_start_beside_a_mongodb_that_hangs(self):
        self.check_start(Mongo)

    def test_postgresql_as_primary(self):
        self.check_end(*self.check_primary(Postgres))

    def test_postgresql_as_secondary(self):
        self.check_secondary(Postgres)

    def test_mongodb_as_primary(self):
        self.check_end(*self.check_primary(Mongo))

    def test_mongodb_as_secondary(self):
        self.check_secondary(Mongo)

    def test_redis_as_primary(self):
        self.check_end(*self.check_primary(LastingRedis))

    def test_redis_as_secondary(self):
        self.check_secondary(Redis)
