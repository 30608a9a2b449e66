"""Any primary with any secondary: a slice of the cities ends equal in both."""

import json
import subprocess

from tests.support.harness import BINARY, ServiceTest, cities_file, read_cities, until
from tests.support.servers import LastingRedis, Mongo, Postgres

COUNT = 5000


def engines():
    """What this build has, by scheme."""
    lines = subprocess.run([BINARY, "backends", "--json"], capture_output=True, text=True,
                           check=True).stdout.splitlines()
    return {engine["scheme"]: engine for engine in map(json.loads, lines) if engine["in_build"]}


class MongoInMemory(Mongo):
    """Nothing is restarted here, and its file is what takes its time."""

    def __init__(self):
        super().__init__(kept=False)


class Pairs(ServiceTest):
    SERVERS = {"mongodb": MongoInMemory, "postgresql": Postgres, "redis": LastingRedis}

    @classmethod
    def setUpClass(cls):
        cls.engines = engines()
        cls.servers = {}
        for scheme in cls.SERVERS.keys() & cls.engines.keys():
            if lack := cls.SERVERS[scheme].lack():
                print(f"left out: {scheme}: {lack}", flush=True)
                del cls.engines[scheme]
                continue
            server = cls.servers[scheme] = cls.SERVERS[scheme]()
            cls.addClassCleanup(server.end)
            server.start()

    def check(self, primary, secondary):
        pair = f"{primary}-{secondary}"
        file = cities_file(self.folder, COUNT)

        def place(scheme, role):
            if scheme in self.servers:
                return self.servers[scheme].fresh_url(f"{pair}-{role}".replace("-", "_"))
            return "memory:" if scheme == "memory" else f"{scheme}:{role}"

        flags = ["--primary", place(primary, "main"), "--secondary", f"kv={place(secondary, 'second')}"]
        if primary in ("memory", "mongodb"):    # the tests' own server does not say that it keeps its data
            flags.append("--primary-allow-volatile")
        service = self.service(*flags, name=pair)
        try:
            until(lambda: service.secondary()["state"] == "live", what="the state live")
            self.check_half_a_batch(service)
            service.run("load", "cities", str(file), "--key", "id")
            service.caught_up()
            report = service.verify()
            self.assertEqual(report["state"], "equal", report)
            self.assertEqual(report["secondaries"][0]["counts"]["equal"], COUNT + 1)
            # No hole where the batch failed: one change for each document.
            self.assertEqual(int(service.position().split(":")[1]), COUNT + 1)
            cities = read_cities(file)
            for key in list(cities)[:20]:
                self.assertEqual(service.get("cities", key, "?store=kv").json(), cities[key])
        finally:
            service.end()

    def check_half_a_batch(self, service):
        """One that fails at its end leaves nothing anywhere."""
        self.assertEqual(service.put("halves", "there", 1).status, 201)
        operations = [{"op": "put", "collection": "halves", "key": f"k{i}", "value": i} for i in range(100)]
        operations.append({"op": "put", "collection": "halves", "key": "there", "value": 2, "if_version": 0})
        refused = service.request("POST", "/v1/batch", {"operations": operations})
        self.assertEqual(refused.status, 412, refused)
        self.assertEqual(refused.json()["index"], 100)
        service.caught_up()
        for store in ("", "?store=kv"):
            listed = service.request("GET", f"/v1/kv/halves{store}").json()["items"]
            self.assertEqual([(item["key"], item["value"]) for item in listed], [("there", 1)])

    def test_each_primary_with_each_secondary(self):
        primaries = [scheme for scheme, engine in self.engines.items() if "primary" in engine["capabilities"]]
        self.assertGreaterEqual(len(primaries), 3)
        for primary in primaries:
            for secondary in self.engines:
                with self.subTest(primary=primary, secondary=secondary):
                    self.check(primary, secondary)
