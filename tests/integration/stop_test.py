"""SIGTERM during a load, with many subscribers: G1, G9, G10."""

import asyncio
import concurrent.futures
import http.client
import itertools
import json
import resource
import signal
import threading
import time
import unittest

from tests.support.harness import ServiceTest, Subscriber, subscribed, until

SUBSCRIBERS = 1000


class Stop(ServiceTest):
    def test_all_acknowledged_is_there_and_every_subscriber_was_told(self):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))
        service = self.service()
        acknowledged = {}
        ended = threading.Event()

        def write(worker):
            connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)
            try:
                for i in itertools.takewhile(lambda _: not ended.is_set(), itertools.count()):
                    connection.request("PUT", f"/v1/kv/cities/w{worker}-{i}", json.dumps(i),
                                       {"Content-Type": "application/json"})
                    answer = connection.getresponse()
                    answer.read()
                    if answer.status != 201:
                        return
                    acknowledged[f"w{worker}-{i}"] = i
            except (OSError, http.client.HTTPException):
                return

        async def scenario():
            subscribers = [Subscriber(service) for _ in range(SUBSCRIBERS)]
            async with subscribed(*subscribers):
                with concurrent.futures.ThreadPoolExecutor() as pool:
                    for worker in range(4):
                        pool.submit(write, worker)
                    try:
                        await subscribers[0].until(lambda s: len(s.changes) > 200)
                        start = time.monotonic()
                        status = await asyncio.to_thread(service.stop, 15)
                        took = time.monotonic() - start
                    finally:
                        ended.set()
                for one in subscribers:
                    await one.until(lambda s: s.closed is not None, 20)
            return status, took, subscribers

        status, took, subscribers = asyncio.run(scenario())
        self.assertEqual(status, 0)
        self.assertLess(took, 10)
        for one in subscribers:
            self.assertEqual(one.closed["code"], "going_away")
            self.assertRegex(one.closed["position"], r"^[a-z2-7]{8}:\d+$")
            self.assertEqual(one.sequences(), list(range(one.sequences()[0],
                                                        one.sequences()[0] + len(one.changes)))
                             if one.changes else [])
        service.start()
        for key, value in acknowledged.items():
            self.assertEqual(service.get("cities", key).json(), value)

    def test_the_echo_of_a_signal_is_no_second_one(self):
        """timeout(1) signals a process and then its group."""
        service = self.service()
        service.put("cities", "a", 1)
        service.process.send_signal(signal.SIGTERM)
        until(lambda: "event=stopping" in service.log(), what="the stop")
        self.assertEqual(service.stop(), 0)
        self.assertIn("clean=true", service.log())


if __name__ == "__main__":
    unittest.main()
