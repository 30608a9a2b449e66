"""What the API says of collections, ranges, positions and operators, against a running service."""

import json
import urllib.parse

from tests.support.harness import ServiceTest, until


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
