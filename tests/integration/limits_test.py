"""Limits that are set take effect, and what happens to subscriptions is counted: G8."""

import asyncio
import json
import socket

import websockets

from tests.support.harness import ServiceTest, until

MIB = 1 << 20


class Limits(ServiceTest):
    def changes(self, service):
        return websockets.connect(service.url.replace("http", "ws") + "/v1/changes")

    def test_a_socket_has_so_many_subscriptions_and_frames_of_that_size(self):
        service = self.service("--limits-subscriptions", "2", "--limits-frame", "1KiB")

        async def scenario():
            async with self.changes(service) as socket:
                answers = []
                for name in "abc":
                    await socket.send(json.dumps({"type": "subscribe", "id": name}))
                    answers.append(json.loads(await socket.recv()))
                self.assertEqual([a["type"] for a in answers], ["subscribed"] * 2 + ["error"])
                self.assertEqual(answers[2]["code"], "too_many_requests")
                await socket.send(json.dumps({"type": "unsubscribe", "id": "a"}))
                self.assertEqual(json.loads(await socket.recv())["code"], "unsubscribed")
                await socket.send(json.dumps({"type": "subscribe", "id": "x" * 1100}))
                with self.assertRaises(websockets.ConnectionClosed) as closed:
                    await socket.recv()
                self.assertEqual(closed.exception.rcvd.code, 1009)

        asyncio.run(scenario())
        self.assertEqual(
            service.metric("keelson_subscriptions_closed_total", code="unsubscribed"), 1)

    def test_changes_that_subscribers_got_are_counted(self):
        service = self.service()

        async def scenario():
            async with self.changes(service) as socket:
                await socket.send(json.dumps({"type": "subscribe", "id": "a"}))
                await socket.recv()
                for number in range(10):
                    await asyncio.to_thread(service.put, "cities", str(number), number)
                seen = 0
                while seen < 10:
                    seen += len(json.loads(await socket.recv()).get("changes", []))

        asyncio.run(scenario())
        until(lambda: service.metric("keelson_events_sent_total") == 10, what="the count")
        self.assertEqual(service.metric("keelson_actor_restarts_total", actor="writer"), 0)

    def test_a_socket_that_takes_nothing_holds_one_piece_of_what_it_missed(self):
        service = self.service()
        for i in range(20):
            service.put("big", str(i), "x" * (MIB - 100))

        async def scenario():
            plain = socket.socket()
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            plain.connect(("127.0.0.1", service.port))
            stream = await websockets.connect(
                service.url.replace("http", "ws") + "/v1/changes", sock=plain, max_queue=1)
            for i in range(60):
                await stream.send(json.dumps({"type": "subscribe", "id": str(i), "snapshot": True,
                                              "collection": "big"}))
            until(lambda: service.status()["subscribers"]["catching_up"] == 60,
                  what="all subscriptions")
            # Each of them would be served a first piece by now if any number were.
            for _ in range(20):
                service.request("GET", "/v1/kv/big")
            stream.transport.abort()

        before = service.memory()
        asyncio.run(scenario())
        self.assertLess(service.memory() - before, 40 * MIB)

    def test_many_documents_in_one_answer_have_a_limit_in_bytes(self):
        service = self.service()
        service.put("big", "a", "x" * (MIB - 100))
        before = service.memory()
        wanted = {"collection": "big", "keys": ["a"] * 1000}
        refused = service.request("POST", "/v1/batch/get", wanted)
        self.assertEqual((refused.status, refused.json()["code"]), (413, "too_large"))
        self.assertLess(service.memory() - before, 60 * MIB)
        wanted["keys"] = ["a"] * 7
        allowed = service.request("POST", "/v1/batch/get", wanted)
        self.assertEqual((allowed.status, len(allowed.json()["items"])), (200, 7))

    def test_a_body_that_stops_coming_is_answered(self):
        service = self.service("--limits-body-idle", "300ms")

        def answer(request):
            with socket.create_connection(("127.0.0.1", service.port), 20) as plain:
                plain.sendall(request.replace(b"\n", b"\r\n"))
                text = b""
                while piece := plain.recv(4096):
                    text += piece
            head, _, body = text.partition(b"\r\n\r\n")
            return int(head.split()[1]), json.loads(body)

        status, problem = answer(b"PUT /v1/kv/c/a HTTP/1.1\nHost: localhost\n"
                                 b"Content-Type: application/json\nContent-Length: 100\n\n[1,")
        self.assertEqual((status, problem["code"]), (503, "unavailable"))
        line = b'{"key":"b","value":1}\r\n{"key":'
        status, report = answer(b"POST /v1/kv/c HTTP/1.1\nHost: localhost\n"
                                b"Content-Type: application/x-ndjson\nContent-Length: 900\n\n"
                                + line)
        self.assertEqual((status, report["written"], report["failed_total"]), (200, 1, 1))
        self.assertEqual(report["failed"][0]["line"], 2)
        self.assertEqual(service.get("c", "b").json(), 1)
        status, problem = answer(b"PUT /v1/kv/c/a HTTP/1.1\nHost: localhost\n"
                                 b"Content-Type: application/json\n"
                                 b"Content-Length: 18446744073709551615\n\n1")
        self.assertEqual((status, problem["code"]), (413, "too_large"))
        status, problem = answer(b"PUT /v1/kv/c/a HTTP/1.1\nHost: localhost\n"
                                 b"Content-Type: application/json\nTransfer-Encoding: chunked\n\n"
                                 b"1;" + b"x" * 70_000)
        self.assertEqual((status, problem["code"]), (413, "too_large"))
