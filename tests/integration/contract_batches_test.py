"""The contract of batches, reads of many and idempotency keys, through a socket."""

import concurrent.futures
import json

from tests.support.harness import ServiceTest, SharedServiceTest, check_problem, until
from tests.support.raw_http import RawConnection, request_bytes
from tests.support.stall import Stall


class Batches(SharedServiceTest):
    def batch(self, *operations, **headers):
        return self.ask("POST", "/v1/batch", {"operations": [
            {"op": op, "collection": self.collection, "key": key, **rest}
            for op, key, rest in operations]}, **headers)

    def versions(self, *operations):
        answer = self.batch(*operations)
        self.assertEqual(answer.status, 200, answer)
        said = answer.json()
        self.assertEqual(list(said), ["position", "results"])
        self.assertEqual({tuple(result) for result in said["results"]}, {("version",)})
        return [result["version"] for result in said["results"]]

    def read(self, key):
        answer = self.ask("GET", f"{self.path}/{key}")
        return answer.json() if answer.status == 200 else None

    def test_puts_patches_and_deletes_of_several_collections_are_one_commit(self):
        other = self.collection + "-other"
        self.versions(("put", "a", {"value": {"n": 1}}), ("put", "gone", {"value": 0}))
        before = self.running.settled()
        answer = self.ask("POST", "/v1/batch", {"operations": [
            {"op": "patch", "collection": self.collection, "key": "a", "value": {"m": 2}},
            {"op": "delete", "collection": self.collection, "key": "gone"},
            {"op": "put", "collection": other, "key": "b", "value": [1.0]}]})
        said = answer.json()
        last = int(said["position"].split(":")[1])
        self.assertEqual([r["version"] for r in said["results"]], [last - 2, last - 1, last])
        self.assertEqual((self.read("a"), self.read("gone")), ({"n": 1, "m": 2}, None))
        self.running.settled()
        page = self.ask("GET", f"/v1/changes?since={before}").json()
        self.assertEqual([(c["op"], c["version"], c.get("more")) for c in page["changes"]],
                         [("put", last - 2, True), ("delete", last - 1, True),
                          ("put", last, None)])

    def test_all_or_nothing(self):
        version = self.versions(("put", "a", {"value": 1}))[0]
        before, other = self.running.settled(), {"if_version": version + 1}
        write = ("put", "b", {"value": 1})
        for index, members, operations in (
                (1, {"version": version}, (write, ("check", "a", other))),
                (0, {"version": version}, (("put", "a", {"value": 2, "if_version": 0}), write)),
                (1, {"version": None}, (write, ("delete", "none", {"if_version": 1}))),
                (1, {"version": version}, (write, ("patch", "a", {"value": 1} | other)))):
            self.check_problem(self.batch(*operations), 412, "precondition_failed", index=index,
                               **members)
        self.check_problem(self.batch(write, ("patch", "none", {"value": {}})), 404, "not_found",
                           index=1)
        self.assertIsNone(self.read("b"))
        self.assertEqual(self.running.settled(), before)

    def test_version_0_means_must_not_exist(self):
        self.assertEqual(len(self.versions(("check", "a", {"if_version": 0}),
                                           ("put", "a", {"value": 1, "if_version": 0}))), 2)
        self.assertEqual(self.read("a"), 1)

    def test_the_later_of_two_operations_on_a_key_sees_the_earlier(self):
        first, second, third = self.versions(
            ("put", "a", {"value": {"n": 1}}), ("patch", "a", {"value": {"m": 2}}),
            ("patch", "a", {"value": {"n": None}}))
        self.assertEqual((second, third), (first + 1, first + 2))
        self.assertEqual(self.read("a"), {"m": 2})
        self.assertEqual(self.versions(("delete", "a", {}), ("check", "a", {"if_version": 0}),
                                       ("delete", "a", {}),
                                       ("put", "a", {"value": 3, "if_version": 0})),
                         [third + 1, None, None, third + 2])
        self.assertEqual(self.read("a"), 3)

    def test_deleting_what_is_missing_is_no_change(self):
        before = self.running.settled()
        self.assertEqual(self.versions(("delete", "none", {})), [None])
        self.assertEqual(self.running.settled(), before)

    def test_only_checks_answer_the_present_position_and_change_nothing(self):
        version = self.versions(("put", "a", {"value": 1}))[0]
        before = self.running.settled()
        answer = self.batch(("check", "a", {"if_version": version}),
                            ("check", "none", {"if_version": 0}))
        self.assertEqual(answer.json(), {"position": before,
                                         "results": [{"version": version}, {"version": None}]})
        self.assertEqual(self.running.settled(), before)

    def test_what_a_batch_cannot_be(self):
        good = {"op": "put", "collection": self.collection, "key": "a", "value": 1}
        for body in ([], 1, {}, {"operations": []}, {"operations": {}},
                     {"operations": [good], "x": 1}):
            self.check_problem(self.ask("POST", "/v1/batch", json.dumps(body)), 400,
                               "invalid_parameter")
        for change, code in (({"op": "move"}, "invalid_parameter"), ({"x": 1}, "invalid_parameter"),
                             ({"key": 1}, "invalid_parameter"), ({"key": ""}, "invalid_key"),
                             ({"key": "k" * 513}, "invalid_key"),
                             ({"collection": "A"}, "invalid_collection"),
                             ({"op": "check"}, "invalid_parameter"),
                             ({"op": "delete"}, "invalid_parameter"),
                             ({"if_version": -1}, "invalid_parameter"),
                             ({"if_version": "1"}, "invalid_parameter"),
                             ({"if_version": 1.5}, "invalid_parameter")):
            answer = self.ask("POST", "/v1/batch", {"operations": [good, good | change]})
            self.check_problem(answer, 400, code, index=1)
        without = {"op": "put", "collection": self.collection, "key": "a"}
        self.check_problem(self.ask("POST", "/v1/batch", {"operations": [without]}), 400,
                           "invalid_parameter", index=0)
        self.check_problem(self.ask("POST", "/v1/batch", {"operations": [good] * 1001}), 413,
                           "too_large")
        self.check_problem(self.ask("POST", "/v1/batch", {"operations": [good]},
                                    Content_Type="text/plain"), 415, "unsupported_media_type")
        self.assertEqual(self.ask("GET", self.path).json()["items"], [])

    def test_many_are_read_exactly_as_of_one_position(self):
        wanted = {"collection": self.collection, "keys": ["a", "none", "b", "a"]}

        def write(number):
            return self.versions(("put", "a", {"value": number}), ("put", "b", {"value": number}))

        write(0)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            writing = pool.submit(lambda: [write(number) for number in range(1, 300)])
            seen, last = set(), False
            while not last:
                last = writing.done()
                answer = self.ask("POST", "/v1/batch/get", wanted)
                said = answer.json()
                self.assertEqual(list(said), ["items", "missing", "position"])
                self.assertEqual(answer.headers["Keelson-Position"], said["position"])
                self.assertEqual([(i["key"], list(i)) for i in said["items"]],
                                 [(key, ["key", "version", "value"]) for key in "aba"])
                self.assertEqual(said["missing"], ["none"])
                values = {item["value"] for item in said["items"]}
                self.assertEqual(len(values), 1)
                self.assertEqual(int(said["position"].split(":")[1]), said["items"][1]["version"])
                seen |= values
            writing.result()
        self.assertIn(299, seen)
        for body in ({}, {"collection": self.collection}, wanted | {"x": 1}, wanted | {"keys": "a"},
                     wanted | {"keys": [1]}, wanted | {"collection": 1}):
            self.check_problem(self.ask("POST", "/v1/batch/get", body), 400, "invalid_parameter")
        self.check_problem(self.ask("POST", "/v1/batch/get", wanted | {"keys": ["a", ""]}), 400,
                           "invalid_key", index=1)
        self.check_problem(self.ask("POST", "/v1/batch/get", wanted | {"keys": ["a"] * 1001}), 413,
                           "too_large")


class IdempotencyKeys(SharedServiceTest):
    def test_the_same_request_again_has_the_same_answer_and_no_second_effect(self):
        self.ask("PUT", f"{self.path}/old", '{"n":1}')
        batch = {"operations": [{"op": "put", "collection": self.collection, "key": "b",
                                 "value": 1}, {"op": "delete", "collection": self.collection,
                                               "key": "none"}]}
        patch = {"Content_Type": "application/merge-patch+json"}
        requests = [("PUT", f"{self.path}/new", '{"a":1,"b":2.0}', {}),
                    ("PATCH", f"{self.path}/old", '{"n":2}', patch),
                    ("POST", self.path, '"made"', {}),
                    ("POST", "/v1/batch", json.dumps(batch), {}),
                    ("DELETE", f"{self.path}/old", None, {})]
        first = [self.ask(method, path, body, **headers, Idempotency_Key=f"{self.collection}-{i}")
                 for i, (method, path, body, headers) in enumerate(requests)]
        self.assertEqual([answer.status for answer in first], [201, 200, 201, 200, 200])
        self.ask("PUT", f"{self.path}/new", "3")
        end = self.running.position()
        for i, (method, path, body, headers) in enumerate(requests):
            again = self.ask(method, path, body, **headers,
                             Idempotency_Key=f"{self.collection}-{i}")
            self.assertEqual((again.status, again.body), (first[i].status, first[i].body))
            for name in ("ETag", "Location", "Content-Type"):
                self.assertEqual(again.headers[name], first[i].headers[name], name)
        self.assertEqual(self.running.position(), end)
        # The same value in other words is the same request.
        again = self.ask("PUT", f"{self.path}/new", ' {"b":2, "a":1.0}',
                         Idempotency_Key=f"{self.collection}-0")
        self.assertEqual(again.body, first[0].body)

    def test_another_request_under_the_same_key_is_refused(self):
        key = {"Idempotency_Key": self.collection}
        version = self.ask("PUT", f"{self.path}/a", "1", **key).json()["version"]
        others = [("PUT", f"{self.path}/a", "2", {}), ("PUT", f"{self.path}/b", "1", {}),
                  ("POST", self.path, "1", {}), ("DELETE", f"{self.path}/a", None, {}),
                  ("PUT", f"{self.path}/a?timeout=9s", "1", {}),
                  ("PUT", f"{self.path}/a", "1", {"If_Match": f'"{version}"'})]
        for method, path, body, headers in others:
            self.check_problem(self.ask(method, path, body, **headers, **key), 422,
                               "idempotency_mismatch")
        self.assertEqual(self.ask("GET", f"{self.path}/a").json(), 1)

    def test_only_answers_that_changed_something_are_kept(self):
        key = {"Idempotency_Key": self.collection}
        self.ask("PUT", f"{self.path}/a", "1")
        check = {"operations": [{"op": "check", "collection": self.collection, "key": "none",
                                 "if_version": 0}]}
        refused = [("PUT", f"{self.path}/a", "2", {"If_None_Match": "*"}, 412),
                   ("DELETE", f"{self.path}/none", None, {}, 404),
                   ("PUT", f"{self.path}/a", "{", {}, 400),
                   ("POST", "/v1/batch", json.dumps(check), {}, 200)]
        for method, path, body, headers, status in refused:
            self.assertEqual(self.ask(method, path, body, **headers, **key).status, status)
        self.assertEqual(self.ask("PUT", f"{self.path}/b", "2", **key).status, 201)

    def test_keys_have_1_to_255_printable_characters(self):
        for wrong in ("", "a b", "k" * 256, "\u00fc"):
            answer = self.ask("PUT", f"{self.path}/a", "1", Idempotency_Key=wrong)
            self.check_problem(answer, 400, "invalid_parameter")
        self.assertEqual(self.ask("PUT", f"{self.path}/a", "1",
                                  Idempotency_Key="k" * 255).status, 201)


class Callers(ServiceTest):
    def test_each_caller_has_keys_of_its_own(self):
        service = self.service("--auth-tokens", "one:write:1-secret",
                               "--auth-tokens", "two:write:2-secret")
        for number in (1, 2):
            answer = service.request("PUT", f"/v1/kv/c/k{number}", "1",
                                     {"Authorization": f"Bearer {number}-secret",
                                      "Idempotency-Key": "same"})
            self.assertEqual(answer.status, 201, answer)


class WhileTheFirstRuns(ServiceTest):
    def setUp(self):
        super().setUp()
        place = self.folder / "away"
        place.mkdir()
        self.stall = Stall(place)
        self.addCleanup(self.stall.close)
        self.running = self.service("--primary", f"sqlite:{place}/primary.db", start=False)
        self.running.environment = self.stall.environment
        self.running.start()

    def in_flight(self):
        return self.running.status()["queues"]["requests_in_flight"]

    def test_the_second_waits_for_its_answer(self):
        put = {"path": "/v1/kv/c/a", "body": b"1", "Idempotency_Key": "same"}
        self.stall.begin()
        with RawConnection(self.running.port) as first, RawConnection(self.running.port) as second:
            before = self.in_flight()
            first.send(request_bytes("PUT", **put))
            until(self.stall.calls, what="a write that hangs")
            second.send(request_bytes("PUT", **put))
            until(lambda: self.in_flight() == before + 2, what="the second request")
            self.stall.end()
            answers = [first.answer(), second.answer()]
        self.assertEqual([a.status for a in answers], [201, 201])
        self.assertEqual(answers[0].body, answers[1].body)
        self.assertEqual(self.running.position(), answers[0].json()["position"])

    def test_an_unknown_outcome_is_settled_by_the_same_request(self):
        path = "/v1/kv/c/a?timeout=200ms"
        self.stall.begin()
        unknown = self.running.request("PUT", path, "1", {"Idempotency-Key": "same"})
        check_problem(self, unknown, 504, "outcome_unknown")
        self.stall.end()

        def ask():
            answer = self.running.request("PUT", path, "1", {"Idempotency-Key": "same"})
            return answer if answer.status != 504 else None

        settled = until(ask, what="an answer")
        self.assertEqual(settled.status, 201)
        self.assertEqual(settled.json()["position"], self.running.position())
        self.assertEqual(settled.json()["version"], 1)
