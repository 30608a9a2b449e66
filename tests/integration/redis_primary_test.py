"""Redis as a primary: its server is stopped and killed under load, put back to an earlier state, told
to keep less than was acknowledged, and used with few rights: G1, G4, G6, G9."""

import shutil
import unittest

from tests.support.harness import ServiceTest, until
from tests.support.servers import LastingRedis, Redis
from tests.support.writers import Writers

# All that a primary's user needs.
RIGHTS = [f"+{command}" for command in (
    "info", "config|get", "select", "multi", "exec", "watch", "unwatch", "scan", "del", "hset", "hget",
    "hmget", "hdel", "hstrlen", "zadd", "zrem", "zscore", "zrangebylex", "zrevrangebylex", "xadd", "xrange",
    "xtrim")]


@unittest.skipIf(Redis.lack(), Redis.lack())
class RedisPrimary(ServiceTest):
    def server(self, kind=LastingRedis):
        made = kind()
        self.addCleanup(made.end)
        return made.start()

    def writers(self, service):
        made = Writers(service)
        self.addCleanup(made.end)
        return made

    def refused(self, url, name):
        """Why it does not start."""
        service = self.service("--primary", url, start=False, name=name)
        with self.assertRaises(AssertionError):
            service.start()
        self.assertEqual(service.process.returncode, 1)
        return service.log()

    def check_all(self, service, kept):
        for key, value in kept.items():
            self.assertEqual(service.get("cities", key).json(), value)
        service.caught_up()
        report = service.verify()
        self.assertEqual(report["state"], "equal", report)
        self.assertEqual(report["secondaries"][0]["counts"]["equal"], len(kept), report)

    def test_stopped_and_killed_under_load_it_loses_nothing(self):
        server = self.server()
        service = self.service("--primary", server.url)
        writers = self.writers(service)
        writers.until_written(20)
        for end in (server.stop, server.kill, server.kill):
            end()
            writers.until_refused()
            self.assertEqual(service.request("GET", "/readyz").status, 503)
            server.start()
            writers.until_written(20)
        kept = writers.end()
        self.assertEqual(writers.faults, [])
        self.assertFalse(service.status().get("history_replaced"))
        self.check_all(service, kept)
        self.assertEqual(service.stop(), 0)
        self.assertEqual(server.cli("XLEN", "keelson:.log"), str(len(kept)))
        self.assertEqual(server.cli("HGET", "keelson:.meta", "last"), str(len(kept)))

    def test_a_server_that_keeps_too_little_is_refused_with_what_to_set(self):
        server = self.server(Redis)
        for name, value, wanted in (("appendonly", "no", "`appendonly yes`"),
                                    ("appendfsync", "everysec", "`appendfsync always`"),
                                    ("maxmemory-policy", "allkeys-lru", "noeviction")):
            for setting in (("appendonly", "yes"), ("appendfsync", "always"),
                            ("maxmemory-policy", "noeviction"), (name, value)):
                server.cli("CONFIG", "SET", *setting)
            with self.subTest(name):
                self.assertIn(wanted, self.refused(server.url, name))
                self.assertEqual(server.cli("DBSIZE"), "0")

    def test_a_setting_that_is_changed_at_run_time_ends_the_acknowledgements(self):
        server = self.server()
        service = self.service("--primary", server.url)
        writers = self.writers(service)
        writers.until_written(5)
        for name, wrong, right in (("appendfsync", "everysec", "always"), ("appendonly", "no", "yes"),
                                   ("maxmemory-policy", "allkeys-lru", "noeviction")):
            server.cli("CONFIG", "SET", name, wrong)
            writers.until_refused()
            until(lambda: f"{name} is '{wrong}'" in repr(service.status()), what="the reason")
            before = dict(writers.kept)
            writers.until_refused()
            self.assertEqual(writers.kept, before)
            server.cli("CONFIG", "SET", name, right)
            writers.until_written(5)
        kept = writers.end()
        self.assertEqual(writers.faults, [])
        self.check_all(service, kept)

    def test_an_earlier_state_of_the_server_is_a_history_that_was_replaced(self):
        server = self.server()
        service = self.service("--primary", server.url)
        self.assertEqual(service.put("cities", "a", 1).status, 201)
        server.stop()
        earlier = self.folder / "earlier"
        shutil.copytree(server.folder, earlier)
        server.start()
        until(lambda: service.put("cities", "b", 2).status == 201, what="a write that is taken")
        position = service.position()
        server.kill()
        shutil.rmtree(server.folder)
        shutil.copytree(earlier, server.folder)
        server.start()
        until(lambda: service.status().get("history_replaced"), what="the notice")
        self.assertNotEqual(service.position().split(":")[0], position.split(":")[0])
        self.assertEqual(service.get("cities", "b").status, 404)
        self.assertEqual(service.get("cities", "a").json(), 1)

    def test_a_user_of_few_rights_is_enough_and_fewer_are_said(self):
        server = self.server()
        user = ("on", ">word", "resetkeys", "~keelson:*", "nocommands")
        server.cli("ACL", "SETUSER", "app", *user, *RIGHTS)
        url = server.url.replace("//", "//app:word@")
        service = self.service("--primary", url)
        self.assertEqual(service.put("cities", "a", 1, **{"Idempotency-Key": "one"}).status, 201)
        self.assertEqual(service.request("DELETE", "/v1/kv/cities/a").status, 200)
        self.assertEqual(service.put("cities", "b", 2).status, 201)
        self.check_all(service, {"b": 2})
        self.assertEqual(service.stop(), 0)
        server.cli("ACL", "SETUSER", "app", "-config|get")
        service = self.service("--primary", url)
        self.assertEqual(service.request("GET", "/readyz").status, 503)
        self.assertIn("+config|get", service.log())
        self.assertNotIn("app:word", service.log())
        server.cli("ACL", "SETUSER", "app", "+config|get")
        until(lambda: service.put("cities", "c", 3).status == 201, what="a write that is taken")
