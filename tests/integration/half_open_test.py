"""Clients that are gone without a word are noticed, whatever they were doing: G8."""

import socket
import unittest

from tests.support.crowd import UPGRADE, head_of, text_frame
from tests.support.harness import ServiceTest, until
from tests.support.vanish import vanish


class HalfOpen(ServiceTest):
    def client(self, service, *pieces):
        """Sends the pieces one by one, each behind the first when something was answered."""
        made = socket.create_connection(("127.0.0.1", service.port), 30)
        self.addCleanup(made.close)
        for number, piece in enumerate(pieces):
            if number > 0:
                self.assertTrue(made.recv(4096))
            made.sendall(piece)
        return made

    def heard(self, service, text, *pieces):
        """The same, and has read so far as that text."""
        made, said = self.client(service, *pieces), b""
        while text not in said:
            said += made.recv(4096)
        return made

    def test_they_are_left_one_by_one(self):
        service = self.service("--limits-keep-alive", "20s", "--limits-head-time", "20s",
                               "--limits-body-idle", "20s")
        begun_body = head_of("PUT", "/v1/kv/c/k", "Content-Type: application/json",
                             "Content-Length: 10") + b"["
        begun_load = head_of("POST", "/v1/kv/c", "Content-Type: application/x-ndjson",
                             "Content-Length: 100") + b'{"key":"loaded","value":1}\n{'
        subscribe = text_frame('{"type":"subscribe","id":"a"}')
        gone = [self.client(service),
                self.heard(service, b"alive", head_of("GET", "/healthz")),
                self.client(service, b"GET /v1"),
                self.client(service, begun_body),
                self.client(service, begun_load),
                self.heard(service, b"event: position",
                           head_of("GET", "/v1/changes", "Accept: text/event-stream")),
                self.client(service, head_of("GET", "/v1/changes?wait=20s")),
                self.heard(service, b"subscribed", UPGRADE, subscribe),
                self.client(service, UPGRADE, subscribe[:4])]
        until(lambda: service.get("c", "loaded").status == 200, what="the first line of the load")
        until(lambda: service.metric("keelson_http_open_connections") == len(gone) + 1,
              what="all connections")
        for each in gone:
            vanish(each)
        # Something for those to miss who follow the changes.
        for number in range(20):
            service.put("c", str(number), "x" * 1000)
        # A WebSocket is left after two pings without an answer, a stream of events when nothing was
        # acknowledged for 40 s; the others by their limits.
        until(lambda: service.metric("keelson_http_open_connections") == 1, 120, "the last end")
        subscribers = service.status()["subscribers"]
        self.assertEqual((subscribers["live"], subscribers["catching_up"]), (0, 0))
        self.assertEqual(service.get("c", "k").status, 404)
        self.assertEqual(service.stop(), 0)

    def test_they_do_not_hold_up_the_end(self):
        service = self.service()
        gone = [self.heard(service, b"event: position",
                           head_of("GET", "/v1/changes", "Accept: text/event-stream")),
                self.heard(service, b"subscribed", UPGRADE,
                           text_frame('{"type":"subscribe","id":"a"}')),
                self.client(service, b"GET /v1")]
        for each in gone:
            vanish(each)
        self.assertEqual(service.stop(), 0)
        self.assertIn("clean=true", service.log())


if __name__ == "__main__":
    unittest.main()
