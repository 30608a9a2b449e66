"""The contract of ranges, bulk loads and deletions in slices, through a socket."""

import hashlib
import json
import urllib.parse

from tests.support.harness import SharedServiceTest

NDJSON = {"Content_Type": "application/x-ndjson"}
# In the order of their bytes; the last two the other way round as UTF-16.
KEYS = ["A", "a", "a1", "a2", "b", "\u00e4", "\uff5e", "\U00010000"]


def digest_of(collection, items):
    """The digest of documents as docs/canonical-json.md defines it."""
    total = 0
    for item in items:
        value = json.dumps(item["value"], separators=(",", ":"), ensure_ascii=False).encode()
        fields = b""
        for text in (collection.encode(), item["key"].encode()):
            fields += len(text).to_bytes(8, "little") + text
        fields += item["version"].to_bytes(8, "little") + (0).to_bytes(8, "little")
        fields += (32).to_bytes(8, "little") + hashlib.sha256(value).digest()
        total += int.from_bytes(hashlib.sha256(fields).digest(), "big")
    return f"{total % 2 ** 256:064x}"


class Lists(SharedServiceTest):
    def setUp(self):
        super().setUp()
        for key in reversed(KEYS):
            self.ask("PUT", f"{self.path}/{urllib.parse.quote(key)}", json.dumps({"k": key}))

    def list(self, **query):
        answer = self.ask("GET", f"{self.path}?{urllib.parse.urlencode(query)}")
        self.assertEqual(answer.status, 200, answer)
        page = answer.json()
        self.assertEqual(answer.headers["Keelson-Position"], page["position"])
        return page

    def keys(self, **query):
        return [item["key"] for item in self.list(**query)["items"]]

    def test_a_whole_range_is_in_the_order_of_the_bytes_of_the_keys(self):
        page = self.list()
        self.assertEqual(list(page), ["items", "position"])
        self.assertEqual([item["key"] for item in page["items"]], KEYS)
        self.assertEqual([list(item) for item in page["items"]],
                         [["key", "version", "value"]] * len(KEYS))
        self.assertEqual(self.keys(reverse="true"), KEYS[::-1])

    def test_pages_follow_each_other_and_the_last_has_no_next(self):
        for reverse, wanted in (("false", KEYS), ("true", KEYS[::-1])):
            found, after, pages = [], {}, 0
            while True:
                page = self.list(limit=3, reverse=reverse, **after)
                found += [item["key"] for item in page["items"]]
                pages += 1
                if "next" not in page:
                    break
                self.assertEqual(page["next"], page["items"][-1]["key"])
                after = {"after": page["next"]}
            self.assertEqual((found, pages), (wanted, 3))

    def test_prefix_after_and_values(self):
        self.assertEqual(self.keys(prefix="a"), ["a", "a1", "a2"])
        self.assertEqual(self.keys(prefix="a", after="a"), ["a1", "a2"])
        self.assertEqual(self.keys(prefix="a", after="a1", reverse="true"), ["a"])
        self.assertEqual(self.keys(after="a0"), KEYS[2:])
        self.assertEqual(self.keys(prefix="\u00e4"), ["\u00e4"])
        self.assertEqual(self.keys(prefix="nothing"), [])
        without = self.list(values="false")
        self.assertEqual({tuple(item) for item in without["items"]}, {("key", "version")})
        for wrong in ("limit=0", "limit=1001", "limit=x", "limit=-1", "reverse=yes", "values=1",
                      "values="):
            self.check_problem(self.ask("GET", f"{self.path}?{wrong}"), 400, "invalid_parameter")

    def test_a_stream_of_lines_ends_with_count_and_digest(self):
        for query, wanted in (("", KEYS), ("?prefix=a", ["a", "a1", "a2"]), ("?prefix=none", []),
                              ("?reverse=true&after=b", ["a2", "a1", "a", "A"])):
            answer = self.ask("GET", self.path + query, Accept="application/x-ndjson")
            self.assertEqual(answer.headers["Content-Type"], "application/x-ndjson")
            self.assertTrue(answer.body.endswith(b"\n"))
            *items, trailer = map(json.loads, answer.body.decode().splitlines())
            self.assertEqual([item["key"] for item in items], wanted)
            self.assertEqual(trailer, {"position": answer.headers["Keelson-Position"],
                                       "count": len(wanted),
                                       "digest": digest_of(self.collection, items)})
        without = self.ask("GET", f"{self.path}?values=false", Accept="application/x-ndjson")
        self.assertEqual(json.loads(without.body.decode().splitlines()[0]).keys(),
                         {"key", "version"})
        self.check_problem(self.ask("GET", f"{self.path}?limit=1", Accept="application/x-ndjson"),
                           400, "invalid_parameter")

    def test_collections_with_their_documents_and_bytes(self):
        found = self.ask("GET", "/v1/collections")
        self.assertEqual(found.headers["Keelson-Position"], found.json()["position"])
        size = sum(len(json.dumps({"k": key}, separators=(",", ":"), ensure_ascii=False).encode())
                   for key in KEYS)
        self.assertIn({"name": self.collection, "documents": len(KEYS), "bytes": size},
                      found.json()["collections"])
        self.ask("DELETE", f"{self.path}?all=true")
        left = self.ask("GET", "/v1/collections").json()["collections"]
        self.assertNotIn(self.collection, [each["name"] for each in left])


class Loads(SharedServiceTest):
    def load(self, *lines, query=""):
        body = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        answer = self.ask("POST", self.path + query, body, **NDJSON)
        self.assertEqual(answer.status, 200, answer)
        report = answer.json()
        self.assertEqual(list(report), ["written", "skipped", "failed_total", "failed", "position"])
        return report

    def test_lines_with_a_key_and_a_value(self):
        report = self.load({"key": "a", "value": 1}, "", {"key": "b", "value": None}, " \t\r")
        self.assertEqual(report, {"written": 2, "skipped": 0, "failed_total": 0, "failed": [],
                                  "position": self.running.settled()})
        self.assertEqual(self.ask("GET", f"{self.path}/b").body, b"null")

    def test_any_object_by_one_of_its_members(self):
        self.load({"id": "x", "n": 1}, {"id": 7, "n": 2}, {"id": -3}, query="?key_field=id")
        for key, value in (("x", {"id": "x", "n": 1}), ("7", {"id": 7, "n": 2}),
                           ("-3", {"id": -3})):
            self.assertEqual(self.ask("GET", f"{self.path}/{key}").json(), value)
        report = self.load({"n": 1}, {"id": 1.5}, {"id": None}, {"id": ""}, [1],
                           query="?key_field=id")
        self.assertEqual([(f["line"], f["code"]) for f in report["failed"]],
                         [(1, "invalid_key"), (2, "invalid_key"), (3, "invalid_key"),
                          (4, "invalid_key"), (5, "invalid_parameter")])

    def test_keys_that_exist_are_skipped_when_that_is_asked_for(self):
        self.load({"key": "a", "value": 1})
        report = self.load({"key": "a", "value": 2}, {"key": "b", "value": 2},
                           {"key": "b", "value": 3}, query="?if_absent=true")
        self.assertEqual((report["written"], report["skipped"]), (1, 2))
        self.assertEqual(self.ask("GET", f"{self.path}/a").json(), 1)
        self.assertEqual(self.ask("GET", f"{self.path}/b").json(), 2)
        report = self.load({"key": "a", "value": 4}, query="?if_absent=false")
        self.assertEqual((report["written"], report["skipped"]), (1, 0))

    def test_lines_that_fail_do_so_alone_and_each_line_is_a_commit(self):
        report = self.load({"key": "a", "value": 1}, "{", {"key": "b"}, {"key": "", "value": 1},
                           '{"key":"c","value":1e999}', {"key": "d", "value": 1, "x": 1},
                           {"key": "e", "value": "x" * (1 << 20)}, {"key": "f", "value": 2})
        self.assertEqual((report["written"], report["failed_total"]), (2, 6))
        self.assertEqual([(f["line"], f["code"]) for f in report["failed"]],
                         [(2, "invalid_json"), (3, "invalid_parameter"), (4, "invalid_key"),
                          (5, "number_out_of_range"), (6, "invalid_parameter"), (7, "too_large")])
        for failed in report["failed"]:
            self.assertEqual(list(failed), ["line", "code", "detail"])
            self.assertTrue(failed["detail"])
        self.running.settled()
        page = self.ask("GET", f"/v1/changes?collection={self.collection}&since=start").json()
        self.assertEqual([(c["key"], c.get("more")) for c in page["changes"]],
                         [("a", None), ("f", None)])

    def test_the_first_thousand_failures_are_shown(self):
        report = self.load(*["x"] * 1500)
        self.assertEqual((report["failed_total"], len(report["failed"])), (1500, 1000))
        self.assertEqual([f["line"] for f in report["failed"]], list(range(1, 1001)))

    def test_what_a_load_cannot_be(self):
        line = '{"key":"a","value":1}'
        for query, headers in (("", {"Idempotency_Key": "x"}), ("?key_field=", {}),
                               ("?if_absent=yes", {})):
            answer = self.ask("POST", self.path + query, line, **NDJSON, **headers)
            self.check_problem(answer, 400, "invalid_parameter")
        for query in ("?key_field=id", "?if_absent=true"):
            self.check_problem(self.ask("POST", self.path + query, "1"), 400, "invalid_parameter")
        self.check_problem(self.ask("POST", self.path, line, Content_Type="text/csv"), 415,
                           "unsupported_media_type")


class Deletions(SharedServiceTest):
    def test_a_prefix_or_all_in_slices(self):
        count = 1200
        lines = [json.dumps({"key": f"{'ab'[i % 2]}{i}", "value": i}) for i in range(count)]
        self.ask("POST", self.path, "\n".join(lines), **NDJSON)
        from_here = self.running.settled()
        done = self.ask("DELETE", f"{self.path}?prefix=a")
        self.assertEqual(done.json(), {"deleted": count // 2,
                                       "position": self.running.settled()})
        page = self.ask("GET", f"/v1/changes?since={from_here}").json()
        self.assertEqual([c["op"] for c in page["changes"]], ["delete"] * (count // 2))
        commits = [c for c in page["changes"] if "more" not in c]
        self.assertTrue(1 < len(commits) < count // 2, len(commits))
        done = self.ask("DELETE", f"{self.path}?all=true").json()
        self.assertEqual(done["deleted"], count // 2)
        self.assertEqual(self.ask("GET", self.path).json()["items"], [])
        again = self.ask("DELETE", f"{self.path}?all=true").json()
        self.assertEqual(again, {"deleted": 0, "position": done["position"]})

    def test_what_is_to_be_deleted_has_to_be_said(self):
        for query in ("", "?prefix=", "?all=false", "?all=true&prefix=a", "?all=1"):
            self.check_problem(self.ask("DELETE", self.path + query), 400, "invalid_parameter")
        self.check_problem(self.ask("DELETE", f"{self.path}?all=true", Idempotency_Key="x"), 400,
                           "invalid_parameter")
