"""The contract of the WebSocket on /v1/changes, frame by frame, through a socket."""

import asyncio
import json

from tests.support.frames import Frames, SocketTest
from tests.support.harness import ServiceTest, SharedServiceTest, until

HANDSHAKE = {"Upgrade": "websocket", "Connection": "upgrade", "Sec_WebSocket_Version": "13",
             "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}


def sequence(position):
    return int(position.split(":")[1])


class Sockets(SharedServiceTest, SocketTest):
    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.begin = self.running.settled()

    def at(self, number):
        return f"{self.begin.split(':')[0]}:{sequence(self.begin) + number}"

    def batch(self, *keys, value=1):
        operations = [{"op": "put", "collection": self.collection, "key": key, "value": value}
                      for key in keys]
        answer = self.ask("POST", "/v1/batch", {"operations": operations})
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["position"]

    def check_error(self, frame, code, name=None):
        self.assertEqual((frame["type"], frame["code"], frame.get("id")), ("error", code, name),
                         frame)
        self.assertTrue(frame["detail"])
        self.assertLessEqual(set(frame), {"type", "id", "code", "detail"})

    async def test_a_subscription_from_its_first_frame_to_its_last(self):
        async with Frames(self.running) as frames:
            self.assertEqual(await frames.subscribe(collection=self.collection),
                             {"type": "subscribed", "id": "a", "position": self.begin})
            at = self.batch("x", "y", value={"n": 1})
            frame = await frames.read()
            self.assertEqual(list(frame), ["type", "id", "changes", "position"])
            self.assertEqual((frame["type"], frame["id"], frame["position"]), ("changes", "a", at))
            self.assertEqual([(c["key"], c.get("more")) for c in frame["changes"]],
                             [("x", True), ("y", None)])
            page = self.ask("GET", f"/v1/changes?since={self.begin}").json()
            self.assertEqual(frame["changes"], page["changes"])
            self.assertEqual(await frames.ask({"type": "ping"}), {"type": "pong"})
            self.assertEqual(await frames.ask({"type": "unsubscribe", "id": "a"}),
                             {"type": "closed", "id": "a", "code": "unsubscribed", "position": at})
            self.batch("z")
            self.assertEqual(await frames.ask({"type": "ping"}), {"type": "pong"})
            self.check_error(await frames.ask({"type": "unsubscribe", "id": "a"}), "not_found", "a")

    async def test_each_subscription_gets_what_it_asked_for(self):
        other = self.collection + "-other"
        for number in range(3):
            self.batch(f"a{number}", f"b{number}")
        self.ask("PUT", f"/v1/kv/{other}/a9", "9")
        wishes = {"all": ({}, 7), "prefix": ({"prefix": "a"}, 4), "two": (
            {"collection": [self.collection, other], "prefix": "a", "values": False}, 4),
            "late": ({"since": self.at(4)}, 3), "inside": ({"since": self.at(5)}, 2)}
        async with Frames(self.running) as frames:
            for name, (wish, _) in wishes.items():
                await frames.send({"type": "subscribe", "id": name, "since": self.begin} | wish)
            found = {name: [] for name in wishes}
            while any(len(found[name]) < count for name, (_, count) in wishes.items()):
                frame = await frames.read()
                found[frame["id"]] += frame.get("changes", [])
        for name, (wish, count) in wishes.items():
            self.assertEqual(len(found[name]), count, name)
            self.assertEqual({"value" in c for c in found[name]}, {name != "two"})
        self.assertEqual([c["key"] for c in found["inside"]], ["b2", "a9"])
        self.assertEqual([c["key"] for c in found["prefix"]], ["a0", "a1", "a2", "a9"])

    async def test_a_repeated_id_is_refused_and_the_old_one_stays(self):
        async with Frames(self.running) as frames:
            await frames.subscribe(collection=self.collection)
            self.check_error(await frames.subscribe(collection="other"), "duplicate_id", "a")
            self.batch("x")
            self.assertEqual((await frames.read())["changes"][0]["collection"], self.collection)

    async def test_frames_that_are_refused(self):
        rows = [({"type": "subscribe"}, "invalid_parameter", None),
                ({"type": "subscribe", "id": ""}, "invalid_parameter", None),
                ({"type": "subscribe", "id": "b", "what": 1}, "invalid_parameter", "b"),
                ({"type": "subscribe", "id": "b", "collection": "A"}, "invalid_collection", "b"),
                ({"type": "subscribe", "id": "b", "since": "x"}, "invalid_position", "b"),
                ({"type": "subscribe", "id": "b", "snapshot": True, "since": self.begin},
                 "invalid_parameter", "b"),
                ({"type": "unsubscribe", "id": "none"}, "not_found", "none"),
                ({"type": "dance", "id": "b"}, "invalid_parameter", "b")]
        async with Frames(self.running) as frames:
            for frame, code, name in rows:
                self.check_error(await frames.ask(frame), code, name)
            self.assertEqual((await frames.subscribe("b"))["type"], "subscribed")

    async def test_ten_bad_frames_close_with_1007(self):
        bad = ["{", "[]", "1", '"text"', "", '{"type":"ping","type":"ping"}',
               '{"type":"ping","x":1}', '{"type":1}', b"\x00binary",
               '{"type":"subscribe","id":"a","prefix":1}']
        async with Frames(self.running) as frames:
            for text in bad:
                await frames.send(text)
            for _ in bad:
                self.assertEqual((await frames.read())["type"], "error")
            self.assertEqual(await frames.closing(), 1007)

    async def test_a_snapshot_then_the_changes_then_live(self):
        for start in range(0, 3000, 1000):
            self.batch(*[f"k{i}" for i in range(start, start + 1000)])
        held, writing = {}, asyncio.create_task(asyncio.to_thread(self.overwrite))
        async with Frames(self.running) as frames:
            first = await frames.subscribe(collection=self.collection, snapshot=True)
            self.assertEqual(set(first), {"type", "id", "position"})
            while True:
                frame = await frames.read()
                if frame["type"] == "documents":
                    self.assertEqual(set(frame), {"type", "id", "documents"})
                    for document in frame["documents"]:
                        self.assertEqual(list(document), ["collection", "key", "version", "value"])
                        held[document["key"]] = (document["version"], document["value"])
                elif frame["type"] == "changes":
                    for change in frame["changes"]:
                        held[change["key"]] = (change["version"], change["value"])
                else:
                    break
            self.assertEqual((frame["type"], set(frame)), ("live", {"type", "id", "position"}))
            await writing
            while sequence(frame["position"]) < sequence(self.running.position()):
                frame = await frames.read()
                for change in frame["changes"]:
                    held[change["key"]] = (change["version"], change["value"])
        lines = self.ask("GET", self.path, Accept="application/x-ndjson").body.decode().splitlines()
        stored = {item["key"]: (item["version"], item["value"])
                  for item in map(json.loads, lines[:-1])}
        self.assertEqual(held, stored)

    def overwrite(self):
        for number in range(300):
            self.batch(f"k{number * 7}", f"new{number}", value=number)

    async def test_frames_end_at_256_kib_and_a_larger_change_goes_alone(self):
        self.batch(*[f"s{i}" for i in range(7)], value="x" * 100_000)
        self.batch("large", value="x" * 1_000_000)
        end = self.batch("small")
        async with Frames(self.running) as frames:
            await frames.subscribe(collection=self.collection, since=self.begin)
            sizes, position, changes = [], None, 0
            while position != end:
                text = await asyncio.wait_for(frames.socket.recv(), 30)
                frame = json.loads(text)
                sizes.append((len(text), [c["key"] for c in frame["changes"]]))
                changes += len(frame["changes"])
                # A frame that ends inside a commit stands at the end of the one before.
                inside = frame["changes"][-1].get("more")
                self.assertEqual(frame["position"], self.begin if inside else
                                 frame["changes"][-1]["position"])
                position = frame["position"]
        self.assertEqual(changes, 9)
        self.assertGreater(len(sizes), 4)
        for size, keys in sizes:
            self.assertTrue(size <= 256 << 10 or keys == ["large"], (size, keys))

    async def test_a_quiet_subscription_is_told_its_position(self):
        async with Frames(self.running) as frames:
            await frames.subscribe(collection="nothing-here")
            at = self.batch("x")
            frame = await frames.read()
            self.assertEqual(frame, {"type": "position", "id": "a", "position": at})

    async def test_lost_history_closes_that_subscription_alone(self):
        async with Frames(self.running) as frames:
            await frames.subscribe("stays")
            for since in ("abcdefgh:1", self.at(1000)):
                self.assertEqual(await frames.subscribe("b", since=since),
                                 {"type": "closed", "id": "b", "code": "history_lost",
                                  "oldest": self.running.status()["oldest"]})
            self.batch("x")
            self.assertEqual((await frames.read())["id"], "stays")

    async def test_a_handshake_says_its_request_and_one_that_is_none_is_refused(self):
        async with Frames(self.running, extra_headers={"X-Request-Id": "my-id"}) as frames:
            self.assertEqual(frames.socket.response_headers["X-Request-Id"], "my-id")
        for change in ({"Sec_WebSocket_Version": "8"}, {"Sec_WebSocket_Key": "short"}):
            self.check_problem(self.ask("GET", "/v1/changes", **(HANDSHAKE | change)), 400,
                               "invalid_parameter")
        for query in ("collection=c", "prefix=p", "since=start", "values=true", "limit=1",
                      "wait=1s"):
            self.check_problem(self.ask("GET", f"/v1/changes?{query}", **HANDSHAKE), 400,
                               "invalid_parameter")
        for path in ("/v1/status", f"{self.path}/k"):
            self.assertNotEqual(self.ask("GET", path, **HANDSHAKE).status, 101)


class GoingAway(ServiceTest, SocketTest):
    async def test_a_stop_closes_every_subscription_with_its_position(self):
        service = self.service()
        at = service.put("c", "a", 1).json()["position"]
        async with Frames(service) as frames:
            await frames.subscribe("a")
            await frames.subscribe("b", since="start")
            while (frame := await frames.read())["position"] != at:
                pass
            stopping = asyncio.create_task(asyncio.to_thread(service.stop))
            closed = [await frames.read(), await frames.read()]
            self.assertEqual(sorted(closed, key=lambda frame: frame["id"]),
                             [{"type": "closed", "id": name, "code": "going_away", "position": at}
                              for name in "ab"])
            self.assertEqual(await frames.closing(), 1001)
            self.assertEqual(await stopping, 0)


class TrimmedWhileReading(ServiceTest, SocketTest):
    async def test_start_is_lost_on_a_socket_too(self):
        service = self.service("--retention-age", "0s", "--retention-changes", "10")
        for number in range(50):
            end = service.put("c", "a", number).json()["position"]
        oldest = f"{end.split(':')[0]}:{sequence(end) - 10}"
        until(lambda: service.status()["oldest"] == oldest, what="the trimming")
        async with Frames(service) as frames:
            self.assertEqual(await frames.subscribe(since="start"),
                             {"type": "closed", "id": "a", "code": "history_lost",
                              "oldest": oldest})
            self.assertEqual((await frames.subscribe(since=oldest))["position"], oldest)
            self.assertEqual(len((await frames.read())["changes"]), 10)
