"""Any primary with any secondary: a slice of the cities ends equal in both."""

import json
import subprocess

from tests.support.harness import BINARY, ServiceTest, cities_file, read_cities
from tests.support.servers import Postgres, Redis

COUNT = 5000


def engines():
    """What this build has, by scheme."""
    lines = subprocess.run([BINARY, "backends", "--json"], capture_output=True, text=True,
                           check=True).stdout.splitlines()
    return {engine["scheme"]: engine for engine in map(json.loads, lines) if engine["in_build"]}


class Pairs(ServiceTest):
    SERVERS = {"postgresql": Postgres, "redis": Redis}

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
        if primary == "memory":
            flags.append("--primary-allow-volatile")
        service = self.service(*flags, name=pair)
        try:
            service.run("load", "cities", str(file), "--key", "id")
            service.caught_up()
            report = service.verify()
            self.assertEqual(report["state"], "equal", report)
            self.assertEqual(report["secondaries"][0]["counts"]["equal"], COUNT)
            cities = read_cities(file)
            for key in list(cities)[:20]:
                self.assertEqual(service.get("cities", key, "?store=kv").json(), cities[key])
        finally:
            service.end()

    def test_each_primary_with_each_secondary(self):
        primaries = [scheme for scheme, engine in self.engines.items() if "primary" in engine["capabilities"]]
        self.assertGreaterEqual(len(primaries), 3)
        for primary in primaries:
            for secondary in self.engines:
                with self.subTest(primary=primary, secondary=secondary):
                    self.check(primary, secondary)
