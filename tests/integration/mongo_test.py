"""MongoDB behind the service, as a secondary and as the primary: G1, G3, G4, G10, G11."""

import pathlib
import subprocess
import unittest

from tests.support.certificates import make_certificate
from tests.support.harness import BINARY, ServiceTest, cities_file, read_cities, until
from tests.support.servers import Mongo
from tests.support.tls_front import TlsFront

CITIES = 5000


@unittest.skipIf(Mongo.lack(), f"mongodb is not tried: {Mongo.lack()}")
class MongoTest(ServiceTest):
    def server(self, **how):
        made = Mongo(**how)
        self.addCleanup(made.end)
        return made.start()

    def check_equal(self, service, name, documents):
        service.caught_up(name)
        report = service.verify()
        self.assertEqual(report["state"], "equal", report)
        self.assertEqual(report["secondaries"][0]["counts"]["equal"], documents, report)


class AsSecondary(MongoTest):
    def test_it_is_equal_also_after_it_was_killed_and_came_back(self):
        server = self.server()
        service = self.service("--secondary", f"copy={server.url}")
        cities = cities_file(self.folder, CITIES)
        service.run("load", "cities", str(cities), "--key", "id")
        self.check_equal(service, "copy", CITIES)

        server.kill()
        some = list(read_cities(cities))[:300]
        for key in some[:100]:
            self.assertEqual(service.request("DELETE", f"/v1/kv/cities/{key}").status, 200)
        for key in some[100:]:
            self.assertEqual(service.put("cities", key, {"a.b": {"$x": [key]}}).status, 200)
        until(lambda: service.secondary("copy")["state"] not in ("live", "catching_up"),
              what="the state of a server that is gone")
        self.assertEqual(service.request("GET", "/readyz").status, 200)
        server.start()
        self.check_equal(service, "copy", CITIES - 100)

        # The service goes on where the secondary stands, too, when it was itself killed.
        service.kill()
        service.start()
        service.put("cities", "one-more", 18446744073709551615)
        self.check_equal(service, "copy", CITIES - 99)
        self.assertEqual(service.get("cities", "one-more", "?store=copy").body,
                         b"18446744073709551615")

    def test_one_that_hangs_fails_no_request_and_holds_no_stop_up(self):
        server = self.server(kept=False)
        service = self.service("--secondary", f"copy={server.url}")
        service.put("cities", "a", 1)
        service.caught_up("copy")
        server.freeze()
        for i in range(50):
            self.assertEqual(service.put("cities", "a", i).status, 200)
        self.assertEqual(service.get("cities", "a").json(), 49)
        until(lambda: service.secondary("copy")["state"] != "live", what="another state")
        self.assertEqual(service.stop(30), 0)
        server.freeze(False)
        service.start()
        self.check_equal(service, "copy", 1)

    def test_collections_of_somebody_else_are_not_touched(self):
        server = self.server(kept=False)
        first = self.service("--secondary", f"copy={server.url}", name="one")
        first.put("cities", "a", 1)
        first.caught_up("copy")
        self.assertEqual(first.stop(), 0)
        second = self.service("--secondary", f"copy={server.url}", name="two")
        second.put("cities", "a", 2)
        until(lambda: second.secondary("copy")["state"] == "foreign", what="the state foreign")
        self.assertEqual(second.stop(), 0)
        first.start()
        self.check_equal(first, "copy", 1)


class OverTls(MongoTest):
    def test_a_certificate_that_is_trusted_serves_and_another_is_refused_with_the_reason(self):
        certificate, key = self.folder / "cert.pem", self.folder / "key.pem"
        make_certificate(certificate, key)
        front = TlsFront(self.server().port, certificate, key)
        self.addCleanup(front.close)
        url = f"mongodb://localhost:{front.port}/keelson?tls=true"
        service = self.service("--secondary", f"copy={url}&tlsCAFile={certificate}")
        until(lambda: service.secondary("copy")["state"] == "live", what="the state live")
        self.assertEqual(service.put("cities", "a", {"n": 1}).status, 201)
        self.check_equal(service, "copy", 1)
        untrusted = self.service("--secondary", f"copy={url}", name="untrusted")
        until(lambda: untrusted.secondary("copy")["state"] == "broken", what="the state broken")
        self.assertIn("certificate", untrusted.secondary("copy")["reason"])
        self.assertEqual(untrusted.put("cities", "a", 1).status, 201)


class AsPrimary(MongoTest):
    def test_it_is_refused_where_the_server_does_not_say_that_it_keeps_its_data(self):
        server = self.server(kept=False)
        service = self.service("--primary", server.url, start=False)
        service.start(wait=False)
        self.assertEqual(service.process.wait(60), 1)
        self.assertIn("primary.allow_volatile", service.log())

    def test_nothing_acknowledged_is_lost_when_the_service_is_killed(self):
        server = self.server(kept=False)
        service = self.service("--primary", server.fresh_url("main"), "--primary-allow-volatile",
                               "--secondary", "kv=sqlite:kv.db")
        cities = cities_file(self.folder, CITIES)
        loader = subprocess.Popen([BINARY, "load", "cities", cities, "--key", "id",
                                   "--url", service.url],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(loader.stderr.close)
        self.addCleanup(loader.kill)

        def loaded():
            return int(service.position().split(":")[1])

        for kill in range(3):
            goal = CITIES * (kill + 1) // 4
            until(lambda: loader.poll() is not None or loaded() >= goal, 120, "a part of the load")
            service.kill()
            service.start()
            until(lambda: service.request("GET", "/readyz").status == 200, what="readiness")
        self.assertEqual(loader.wait(300), 0, loader.stderr.read().decode())
        expected = read_cities(cities)
        stored, after = {}, ""
        while after is not None:
            page = service.request("GET", f"/v1/kv/cities?limit=1000&after={after}").json()
            stored |= {item["key"]: item["value"] for item in page["items"]}
            after = page.get("next")
        self.assertEqual(stored, expected)
        self.check_equal(service, "kv", CITIES)
        self.assertEqual(service.stop(), 0)

    def test_single_writes_that_were_answered_are_there_after_a_kill(self):
        server = self.server(kept=False)
        service = self.service("--primary", server.fresh_url("main"), "--primary-allow-volatile",
                               "--secondary", "kv=sqlite:kv.db")
        answered = {}
        for round_ in range(3):
            for i in range(40):
                key, value = f"k{i % 7}", {"n": round_ * 100 + i}
                if i % 5 == 4:
                    answer = service.request("DELETE", f"/v1/kv/cities/{key}")
                    self.assertIn(answer.status, (200, 404), answer)
                    answered.pop(key, None)
                    continue
                answer = service.put("cities", key, value)
                self.assertIn(answer.status, (200, 201), answer)
                answered[key] = value
            service.kill()
            service.start()
            until(lambda: service.request("GET", "/readyz").status == 200, what="readiness")
            items = service.request("GET", "/v1/kv/cities").json()["items"]
            self.assertEqual({item["key"]: item["value"] for item in items}, answered)
        self.check_equal(service, "kv", len(answered))


if __name__ == "__main__":
    unittest.main()


class WithoutMongo(ServiceTest):
    def test_the_driver_leaves_nothing_behind_a_process_that_is_killed(self):
        service = self.service()
        self.assertFalse(pathlib.Path(f"/dev/shm/mongoc-{service.process.pid}").exists())
