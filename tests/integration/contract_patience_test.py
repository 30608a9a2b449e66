"""The contract of those who do not answer: minutes of waiting, so only with KEELSON_FULL=1."""

import unittest

from tests.support.harness import FULL, ServiceTest, until
from tests.support.raw_http import RawConnection, request_bytes

HANDSHAKE = {"Upgrade": "websocket", "Connection": "upgrade", "Sec_WebSocket_Version": "13",
             "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}
SUBSCRIBE = b'{"type":"subscribe","id":"a","since":"start"}'


@unittest.skipUnless(FULL, "takes minutes")
class Patience(ServiceTest):
    def socket(self, service):
        """A WebSocket that answers nothing of its own accord."""
        raw = RawConnection(service.port)
        self.addCleanup(raw.socket.close)
        raw.socket.settimeout(120)
        self.assertEqual(raw.send(request_bytes("GET", "/v1/changes", **HANDSHAKE)).answer().status,
                         101)
        return raw

    def test_who_answers_no_ping_is_left_after_two(self):
        raw = self.socket(self.service())
        self.assertEqual(raw.rest(), b"\x89\x00" * 2)

    def test_who_takes_no_byte_is_closed(self):
        service = self.service()
        value = "x" * 1_000_000
        for number in range(60):
            service.put("c", str(number), value)
        raw = self.socket(service)
        # A masked text frame (RFC 6455, 5.2) with the mask 0.
        raw.send(b"\x81" + bytes([0x80 | len(SUBSCRIBE)]) + bytes(4) + SUBSCRIBE)
        until(lambda: service.metric("keelson_subscriptions_closed_total",
                                     code="slow_consumer") == 1, 90, "the closing")
        self.assertEqual(service.status()["subscribers"]["catching_up"], 0)

    def test_who_sends_no_head_or_body_is_answered_and_closed(self):
        service = self.service()
        heads = [b"", b"GET /healthz HT",
                 request_bytes("PUT", "/v1/kv/c/a", Content_Length="10") + b"[1"]
        waiting = [RawConnection(service.port).send(sent) for sent in heads]
        for raw in waiting:
            self.addCleanup(raw.socket.close)
            raw.socket.settimeout(120)
        for raw in waiting[1:]:
            self.assertEqual(raw.answer().status, 503)
        for raw in waiting:
            self.assertEqual(raw.rest(), b"")
