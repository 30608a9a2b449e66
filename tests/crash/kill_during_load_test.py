"""kill -9 at random moments of a load that goes on by itself: G1, G4, G5, G10 on real stores."""

import asyncio
import os
import random
import subprocess
import unittest

from tests.support.harness import (BINARY, CITIES, FULL, ServiceTest, Subscriber, cities_file,
                                   read_cities, subscribed)

KILLS = 20 if FULL else 6
DOCUMENTS = CITIES if FULL else 40_000


class KillDuringLoad(ServiceTest):
    def test_nothing_is_lost_repeated_or_left_out(self):
        self.check()

    def test_nor_with_the_engines_exchanged(self):
        self.check("--primary", "rocksdb:main", "--secondary", "kv=sqlite:kv.db")

    def check(self, *flags):
        seed = int(os.environ.get("KEELSON_SEED", random.SystemRandom().randrange(1 << 30)))
        print(f"KEELSON_SEED={seed}", flush=True)
        draw = random.Random(seed)
        cities = cities_file(self.folder, DOCUMENTS)
        service = self.service(*flags)
        subscriber = Subscriber(service, since="start")
        asyncio.run(self.load_under_fire(service, subscriber, cities, draw))

        expected = read_cities(cities)
        self.assertEqual(subscriber.sequences(), list(range(1, DOCUMENTS + 1)))
        self.assertEqual(sorted(change["key"] for change in subscriber.changes), sorted(expected))
        stored = self.everything(service)
        self.assertEqual(stored, expected)
        service.caught_up()
        report = service.verify()
        self.assertEqual(report["state"], "equal", report)
        self.assertEqual(report["secondaries"][0]["counts"]["equal"], DOCUMENTS)
        self.assertEqual(service.stop(), 0)

    async def load_under_fire(self, service, subscriber, cities, draw):
        async with subscribed(subscriber):
            loader = subprocess.Popen(
                [BINARY, "load", "cities", cities, "--key", "id", "--url", service.url],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            self.addCleanup(loader.stderr.close)
            self.addCleanup(loader.kill)
            during = 0
            for kill in range(KILLS):
                goal = DOCUMENTS * (kill + draw.random()) / (KILLS + 0.5)
                await subscriber.until(lambda s: len(s.changes) >= goal or loader.poll() is not None,
                                       120)
                await asyncio.sleep(draw.random() * 0.05)
                during += loader.poll() is None
                service.kill()
                await asyncio.to_thread(service.start)
            status = await asyncio.to_thread(loader.wait, 300)
            self.assertEqual(status, 0, loader.stderr.read().decode())
            await subscriber.until(lambda s: len(s.changes) >= DOCUMENTS)
            self.assertGreaterEqual(during, KILLS - 1)
            self.assertGreater(subscriber.connections, KILLS // 2)

    def everything(self, service):
        stored, after = {}, ""
        while True:
            page = service.request("GET", f"/v1/kv/cities?limit=1000&after={after}").json()
            for item in page["items"]:
                stored[item["key"]] = item["value"]
            if "next" not in page:
                return stored
            after = page["next"]


if __name__ == "__main__":
    unittest.main()
