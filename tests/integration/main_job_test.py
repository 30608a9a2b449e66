"""The main job: a load, a subscriber that was there before, a secondary that ends equal."""

import asyncio
import unittest

from tests.support.harness import CITIES, ServiceTest, Subscriber, cities_file, read_cities, subscribed


class MainJob(ServiceTest):
    def test_load_is_seen_by_a_subscriber_and_carried_to_the_secondary(self):
        cities = cities_file(self.folder)
        service = self.service()
        subscriber = Subscriber(service)

        async def load():
            async with subscribed(subscriber):
                await asyncio.to_thread(service.run, "load", "cities", str(cities), "--key", "id")
                await subscriber.until(lambda s: len(s.changes) >= CITIES)

        asyncio.run(load())
        self.assertEqual(subscriber.sequences(), list(range(1, CITIES + 1)))
        expected = read_cities(cities)
        self.assertEqual({change["key"] for change in subscriber.changes}, set(expected))
        for key in list(expected)[:: CITIES // 50]:
            self.assertEqual(service.get("cities", key).json(), expected[key])
        service.caught_up()
        report = service.verify()
        self.assertEqual(report["state"], "equal", report)
        self.assertEqual(report["secondaries"][0]["counts"],
                         {"equal": CITIES, "pending": 0, "different": 0, "unknown": 0})
        done = service.run("verify")
        self.assertIn("equal", done.stdout)
        status = service.status()
        self.assertEqual(status["primary"]["documents"], CITIES)
        self.assertEqual(service.stop(), 0)


if __name__ == "__main__":
    unittest.main()
