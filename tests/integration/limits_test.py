"""Limits that are set take effect, and what happens to subscriptions is counted: G8."""

import asyncio
import json

import websockets

from tests.support.harness import ServiceTest, until


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
