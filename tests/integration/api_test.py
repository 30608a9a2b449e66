"""What the API says of collections, ranges, positions and operators, against a running service."""

import json
import subprocess
import urllib.parse

from tests.support.harness import BINARY, ServiceTest, until


class Api(ServiceTest):
    def test_collections_ranges_and_streams(self):
        service = self.service()
        for number in range(1200):
            kind = "a" if number < 700 else "b"
            self.assertEqual(service.put("cities", f"{kind}{number:04}", number).status, 201)
        service.put("visits", "x", {"a": 1.0})
        sums = service.request("GET", "/v1/collections").json()
        self.assertEqual([(c["name"], c["documents"]) for c in sums["collections"]],
                         [("cities", 1200), ("visits", 1)])

        lines = service.request("GET", "/v1/kv/cities", headers={"Accept": "application/x-ndjson"})
        *items, trailer = [json.loads(line) for line in lines.body.decode().splitlines()]
        self.assertEqual(len(items), 1200)
        self.assertEqual(trailer["count"], 1200)
        self.assertEqual(trailer["position"], lines.headers["Keelson-Position"])
        other = service.request("GET", "/v1/kv/cities?store=kv&min_position="
                                + urllib.parse.quote(trailer["position"]),
                                headers={"Accept": "application/x-ndjson"})
        self.assertEqual(json.loads(other.body.decode().splitlines()[-1])["digest"],
                         trailer["digest"])

        deleted = service.request("DELETE", "/v1/kv/cities?prefix=a").json()
        self.assertEqual(deleted["deleted"], 700)
        left = service.request("GET", "/v1/kv/cities?limit=1").json()
        self.assertEqual(left["items"][0]["key"], "b0700")
        self.assertEqual(service.request("DELETE", "/v1/kv/cities").status, 400)
        service.caught_up()
        self.assertEqual(service.verify()["state"], "equal")

    def test_what_was_written_is_read_from_a_secondary_that_lags(self):
        service = self.service()
        for number in range(200):
            position = service.put("cities", "a", number).json()["position"]
            answer = service.get("cities", "a", f"?store=kv&min_position={position}")
            self.assertEqual((answer.status, answer.body), (200, str(number).encode()))

    def test_operators_verbs(self):
        service = self.service()
        service.put("cities", "a", 1)
        service.caught_up()
        self.assertIn("paused", service.run("secondary", "pause", "kv").stdout)
        position = service.put("cities", "b", 2).json()["position"]
        late = service.get("cities", "b", f"?store=kv&timeout=100ms&min_position={position}")
        self.assertEqual(late.status, 504)
        self.assertEqual(late.json()["code"], "position_not_reached")
        service.run("secondary", "resume", "kv")
        self.assertEqual(
            service.get("cities", "b", f"?store=kv&min_position={position}").status, 200)
        service.run("secondary", "rebuild", "kv")
        until(lambda: service.secondary()["state"] == "live", what="the rebuild")
        unknown = service.run("secondary", "pause", "other", check=False)
        self.assertEqual(unknown.returncode, 1)

    def test_the_description_names_every_answer_that_was_given(self):
        service = self.service()
        description = service.request("GET", "/v1/openapi.json").json()
        self.assertEqual(description["openapi"], "3.1.0")
        self.assertIn("/v1/kv/{collection}/{key}", description["paths"])

    def test_refusals_tell_the_truth(self):
        service = self.service()
        handshake = {"Upgrade": "websocket", "Connection": "upgrade",
                     "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
        for headers in (handshake, {**handshake, "Sec-WebSocket-Version": "8"}):
            refused = service.request("GET", "/v1/changes", headers=headers)
            self.assertEqual(refused.headers["Content-Type"], "application/problem+json")
            self.assertEqual((refused.status, refused.json()["code"]), (400, "invalid_parameter"))

        self.assertEqual(service.put("c", "a", 1, **{"If-Match": ""}).status, 400)
        version = service.put("c", "a", 1).json()["version"]
        for tag in ('"01"', '""', f'W/"{version}"'):
            refused = service.put("c", "a", 2, **{"If-Match": tag})
            self.assertEqual((refused.status, refused.json()["version"]), (412, version))
            self.assertNotIn("index", refused.json())
            self.assertNotIn("1844674407370955161", refused.json()["detail"])

        def batch(*operations):
            return service.request("POST", "/v1/batch", {"operations": [
                {"op": op, "collection": "c", "key": key, **rest}
                for op, key, rest in operations]}).json()

        refused = batch(("put", "t", {"value": {}}), ("check", "t", {"if_version": 0}))
        self.assertEqual((refused["code"], refused["index"], refused["version"]),
                         ("precondition_failed", 1, None))
        refused = batch(("put", "a", {"value": 3}), ("check", "a", {"if_version": version}))
        self.assertEqual((refused["index"], refused["version"]), (1, version))

    def test_what_has_no_meaning_is_refused(self):
        service = self.service()
        stream = {"Accept": "text/event-stream"}
        handshake = {"Upgrade": "websocket", "Connection": "upgrade",
                     "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13"}
        for path, headers in (("/v1/changes?limit=1", stream), ("/v1/changes?wait=1s", stream),
                              ("/v1/changes?since=start", handshake),
                              ("/v1/kv/c/a?timeout=0", {})):
            refused = service.request("GET", path, headers=headers)
            self.assertEqual((refused.status, refused.json()["code"]), (400, "invalid_parameter"))

    def test_a_load_of_nothing_says_where_it_stands(self):
        service = self.service()
        service.put("c", "a", 1)
        loaded = service.request("POST", "/v1/kv/c", "\n\n",
                                 {"Content-Type": "application/x-ndjson"}).json()
        self.assertEqual((loaded["written"], loaded["position"]),
                         (0, service.status()["position"]))

    def test_an_address_that_cannot_be_one(self):
        service = self.service()
        wrong = subprocess.run([BINARY, "get", "c", "a", "--url",
                                f"http://127.0.0.1:{service.port + 65536}"],
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("port", wrong.stderr)
