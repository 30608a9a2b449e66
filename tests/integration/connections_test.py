"""Many clients, and slow ones: others are served as before, each gets its answer, and memory stays
within what docs/operations.md says: G8, G9."""

import http.client
import itertools
import json
import pathlib
import re
import resource
import socket
import statistics
import time
import unittest

from tests.support.crowd import (Crowd, EndlessFrame, Idle, SlowBody, SlowFrame, SlowHead,
                                 Subscriber)
from tests.support.harness import ROOT, ServiceTest, until

WANTED = {Idle: 4000, Subscriber: 4000, SlowHead: 800, SlowBody: 600, SlowFrame: 500,
          EndlessFrame: 100}
OWN_DESCRIPTORS = 1200      # what the service keeps to itself
REQUESTS = 400


def numbers():
    """How many of each kind: fewer where so many descriptors are not to be had."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    share = min(1.0, (most - OWN_DESCRIPTORS) / (sum(WANTED.values()) + 100))
    if share < 1:
        print(f"\n*** ulimit -Hn is {most}: ONLY {share:.0%} OF THE CONNECTIONS ARE TRIED ***",
              flush=True)
    return {kind: int(count * share) for kind, count in WANTED.items()}


def bounds():
    """Bytes a connection by kind, as the guide for operators promises them."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| at most (\d+) KiB \|", text, re.MULTILINE)
    return {name: int(size) * 1024 for name, size in rows}


class Connections(ServiceTest):
    def serve(self, service):
        """Requests of one well-behaved client after another; the median, in milliseconds."""
        took = []
        for round_ in range(0, REQUESTS, 20):
            client = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
            for number in range(round_, round_ + 20):
                began = time.perf_counter()
                path = f"/v1/kv/normal/{number // 2}"
                if number % 2 == 0:
                    client.request("PUT", path, str(number), {"Content-Type": "application/json"})
                else:
                    client.request("GET", path)
                answer = client.getresponse()
                body = json.loads(answer.read())
                took.append(time.perf_counter() - began)
                self.assertIn(answer.status, (200, 201), body)
                if number % 2 == 1:
                    self.assertEqual(body, number - 1)
            client.close()
        return statistics.median(took) * 1000

    def test_ten_thousand_of_which_two_thousand_send_a_byte_a_second(self):
        counts = numbers()
        service = self.service("--limits-keep-alive", "10m")
        service.put("c", "k", 1)
        service.caught_up()
        alone = self.serve(service)
        crowd = Crowd(service.port)
        self.addCleanup(crowd.end)
        sizes, allowed = {}, bounds()

        def join(name, *kinds):
            before = service.memory()
            for kind in kinds:
                self.assertEqual(crowd.join(kind, counts[kind]), counts[kind])
            sizes[name] = (service.memory() - before) / sum(counts[kind] for kind in kinds)
            self.assertLess(sizes[name], allowed[name], name)

        join("idle connection", Idle)
        join("subscriber", Subscriber)
        join("slow connection", SlowHead, SlowBody, SlowFrame, EndlessFrame)
        crowded = self.serve(service)
        self.assertGreaterEqual(service.metric("keelson_http_open_connections"),
                                sum(counts.values()) - counts[SlowHead])
        # A head has 10 s in all, a body 30 s from byte to byte; a WebSocket answers pings.
        self.assertEqual(crowd.outcomes(SlowHead, 60),
                         {(503, "unavailable"): counts[SlowHead]})
        self.assertEqual(crowd.outcomes(SlowBody, 90), {201: counts[SlowBody]})
        self.assertEqual(crowd.outcomes(SlowFrame, 90), {"pong": counts[SlowFrame]})
        self.assertEqual(crowd.outcomes(EndlessFrame, 120), {"closed": counts[EndlessFrame]})
        # The others have noticed nothing.
        self.assertEqual(crowd.again(Idle), {200: counts[Idle]})
        service.put("quiet", "a", 1)
        self.assertEqual(crowd.told(Subscriber, "changes"), counts[Subscriber])
        self.assertEqual(service.metric("keelson_http_refusals_total"), 0)
        print(f"median_ms alone={alone:.2f} crowded={crowded:.2f} bytes: " +
              " ".join(f"{name.replace(' ', '_')}={size:.0f}" for name, size in sizes.items()),
              flush=True)


class Descriptors(ServiceTest):
    def limits(self, service):
        with open(f"/proc/{service.process.pid}/limits", encoding="ascii") as lines:
            words = next(line.split() for line in lines if line.startswith("Max open files"))
        return int(words[3]), int(words[4])

    def test_the_hard_limit_is_used(self):
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, before)
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        service = self.service()
        self.assertEqual(self.limits(service), (before[1], before[1]))
        self.assertIn(f"descriptors={before[1]}", service.log())

    def test_with_few_descriptors_there_are_few_connections_and_the_stores_have_theirs(self):
        service = self.service("--primary", "rocksdb:main", start=False)
        service.prefix = ["prlimit", "--nofile=300:300"]
        service.start()
        self.assertIn("event=few_descriptors descriptors=300 connections=150", service.log())
        held = []
        self.addCleanup(lambda: [each.close() for each in held])
        refused = 0
        for _ in range(200):
            one = socket.create_connection(("127.0.0.1", service.port), 20)
            held.append(one)
            one.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try:
                said = one.recv(4096)
            except ConnectionResetError:    # refused before its request was read
                said = b""
            refused += b"200 OK" not in said
        self.assertEqual(refused, 50)
        one = held[0]
        for number in range(50):
            one.sendall(b"PUT /v1/kv/c/%d HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n1"
                        % number)
            self.assertIn(b"201 Created", one.recv(4096))
        self.assertNotIn("cannot_accept", service.log())

    def test_without_descriptors_it_says_so_once_and_goes_on(self):
        service = self.service()
        service.put("c", "k", 1)
        client = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
        self.addCleanup(client.close)

        def ask(path):
            client.request("GET", path)
            answer = client.getresponse()
            return answer.status, answer.read().decode()

        def failures():
            text = ask("/metrics")[1]
            return int(re.search(r'refusals_total\{of="descriptors"\} (\d+)', text)[1])

        self.assertEqual(failures(), 0)
        # The limit is on the number of a descriptor, not on how many there are.
        taken = {int(each.name) for each in
                 pathlib.Path(f"/proc/{service.process.pid}/fd").iterdir()}
        used = next(number for number in itertools.count() if number not in taken)
        _, hard = self.limits(service)
        resource.prlimit(service.process.pid, resource.RLIMIT_NOFILE, (used, hard))
        began = time.monotonic()
        waiting = socket.create_connection(("127.0.0.1", service.port), 30)
        self.addCleanup(waiting.close)
        waiting.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        tries = until(lambda: failures() if failures() >= 5 else 0, what="five tries")
        # A pause of 100 ms follows each: more would be a spin.
        self.assertLessEqual(tries, 10 * (time.monotonic() - began) + 2)
        self.assertEqual(ask("/v1/kv/c/k"), (200, "1"))
        self.assertEqual(service.log().count("event=cannot_accept"), 1)
        self.assertIn('reason="Too many open files"', service.log())
        resource.prlimit(service.process.pid, resource.RLIMIT_NOFILE, (hard, hard))
        self.assertIn(b"200 OK", waiting.recv(4096))
        self.assertEqual(service.log().count("event=accepting_again"), 1)
        self.assertEqual(service.log().count("event=cannot_accept"), 1)
        self.assertEqual(service.stop(), 0)


if __name__ == "__main__":
    unittest.main()
