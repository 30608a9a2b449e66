"""The contract of single documents, through a socket: writes, reads, preconditions, keys."""

import email.utils
import json
import time
import urllib.parse

from tests.support.harness import SharedServiceTest, until

VALUES = ["null", "true", "0", '""', "[]", "{}", "1.5", '"\u00fc\U0001f600"',
          '{"a":[{"b":null},18446744073709551615,-9223372036854775808]}']


class Writes(SharedServiceTest):
    def put(self, key, value, **headers):
        return self.ask("PUT", f"{self.path}/{key}", json.dumps(value), **headers)

    def check_receipt(self, answer, status, key):
        receipt = answer.json()
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertEqual(list(receipt), ["key", "version", "position"])
        self.assertEqual(receipt["key"], key)
        self.assertEqual(int(receipt["position"].split(":")[1]), receipt["version"])
        return receipt

    def check_tag(self, answer):
        self.assertEqual(answer.headers["ETag"], f'"{answer.json()["version"]}"')

    def test_any_value_is_created_then_replaced_and_an_equal_one_is_a_change_too(self):
        for number, text in enumerate(VALUES):
            path = f"{self.path}/k{number}"
            first = self.check_receipt(self.ask("PUT", path, text), 201, f"k{number}")
            again = self.check_receipt(self.ask("PUT", path, text), 200, f"k{number}")
            self.assertEqual(again["version"], first["version"] + 1)
            self.assertEqual(self.ask("GET", path).body.decode(), text)

    def test_a_version_never_comes_again(self):
        seen = set()
        for _ in range(3):
            for _ in range(2):
                answer = self.put("a", 1)
                self.check_tag(answer)
                seen.add(answer.json()["version"])
            gone = self.ask("DELETE", f"{self.path}/a")
            seen.add(self.check_receipt(gone, 200, "a")["version"])
            self.assertNotIn("ETag", gone.headers)  # nothing is there to have one
        self.assertEqual(len(seen), 9)

    def test_preconditions_of_every_kind_of_write(self):
        version = self.put("a", {"n": 1}).json()["version"]
        patch = {"Content_Type": "application/merge-patch+json"}
        writes = [("PUT", "2", {}), ("PATCH", '{"n":2}', patch), ("DELETE", None, {})]
        for method, body, headers in writes:
            for name, tag in (("If_Match", f'"{version + 1}"'), ("If_None_Match", "*")):
                answer = self.ask(method, f"{self.path}/a", body, **headers, **{name: tag})
                self.check_problem(answer, 412, "precondition_failed", version=version)
            for tag in ('"1"', "*"):
                answer = self.ask(method, f"{self.path}/none", body, **headers, If_Match=tag)
                self.check_problem(answer, 412, "precondition_failed", version=None)
            for tags in ({"If_Match": "nonsense"}, {"If_None_Match": '"1"'},
                         {"If_Match": '"1"', "If_None_Match": "*"}, {"If_Match": '"1", "2"'}):
                answer = self.ask(method, f"{self.path}/a", body, **headers, **tags)
                self.check_problem(answer, 400, "invalid_parameter")
        self.assertEqual(self.ask("GET", f"{self.path}/a").json(), {"n": 1})
        for method, body, headers in writes:
            answer = self.ask(method, f"{self.path}/a", body, **headers, If_Match=f'"{version}"')
            self.assertEqual(answer.status, 200, answer)
            version = answer.json()["version"]
            if method == "PUT":
                version = self.put("a", {"n": 1}, If_Match="*").json()["version"]
        self.assertEqual(self.put("a", 1, If_None_Match="*").status, 201)

    def test_a_patch_is_merged_and_wants_a_document(self):
        patch = {"Content_Type": "application/merge-patch+json"}
        path = f"{self.path}/a"
        self.check_problem(self.ask("PATCH", path, "{}", **patch), 404, "not_found")
        self.put("a", {"a": {"b": 1, "c": 2}, "d": [1, 2]})
        answer = self.ask("PATCH", path, '{"a":{"b":null,"e":3},"d":[3]}', **patch)
        self.check_receipt(answer, 200, "a")
        self.check_tag(answer)
        self.assertEqual(self.ask("GET", path).json(), {"a": {"c": 2, "e": 3}, "d": [3]})
        for other in ("application/json", "application/json-patch+json"):
            self.check_problem(self.ask("PATCH", path, "{}", Content_Type=other), 415,
                               "unsupported_media_type")
        self.ask("PATCH", path, "7", **patch)
        self.assertEqual(self.ask("GET", path).json(), 7)

    def test_deleting_what_is_not_there(self):
        self.check_problem(self.ask("DELETE", f"{self.path}/none"), 404, "not_found")

    def test_a_made_key_is_a_uuid_of_version_7(self):
        before = int(time.time() * 1000)
        keys = set()
        for _ in range(20):
            answer = self.ask("POST", self.path, "[1]")
            key = answer.json()["key"]
            keys.add(key)
            self.check_receipt(answer, 201, key)
            self.check_tag(answer)
            self.assertRegex(key, "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}"
                                  "-[0-9a-f]{12}$")
            made = int(key.replace("-", "")[:12], 16)
            self.assertTrue(before - 1 <= made <= time.time() * 1000 + 1, made)
            self.assertEqual(answer.headers["Location"], f"{self.path}/{key}")
            self.assertEqual(self.ask("GET", answer.headers["Location"]).json(), [1])
        self.assertEqual(len(keys), 20)


class Reads(SharedServiceTest):
    def put(self, key, value):
        return self.ask("PUT", f"{self.path}/{key}", json.dumps(value)).json()

    def test_a_document_and_what_its_head_says(self):
        receipt = self.put("a", {"n": 1})
        answer = self.ask("GET", f"{self.path}/a")
        self.assertEqual((answer.status, answer.body), (200, b'{"n":1}'))
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertEqual(answer.headers["ETag"], f'"{receipt["version"]}"')
        self.assertEqual(answer.headers["Keelson-Position"], receipt["position"])
        date = email.utils.parsedate_to_datetime(answer.headers["Date"])
        modified = email.utils.parsedate_to_datetime(answer.headers["Last-Modified"])
        self.assertLess(abs((date - modified).total_seconds()), 60)
        head = self.ask("HEAD", f"{self.path}/a")
        self.assertEqual((head.status, head.body), (200, b""))
        for name in ("Content-Type", "Content-Length", "ETag", "Last-Modified",
                     "Keelson-Position"):
            self.assertEqual(head.headers[name], answer.headers[name], name)

    def test_conditional_reads_say_their_position_whatever_they_answer(self):
        receipt = self.put("a", 1)
        tag, other = f'"{receipt["version"]}"', f'"{receipt["version"] + 1}"'
        rows = [("If_None_Match", tag, 304), ("If_None_Match", f'{other}, W/{tag}', 304),
                ("If_None_Match", "*", 304), ("If_None_Match", other, 200),
                ("If_Match", tag, 200), ("If_Match", "*", 200), ("If_Match", other, 412)]
        for method in ("GET", "HEAD"):
            for name, value, status in rows:
                answer = self.ask(method, f"{self.path}/a", **{name: value})
                self.assertEqual(answer.status, status, (method, name, value))
                self.assertEqual(answer.headers["Keelson-Position"], receipt["position"])
                if status != 412:
                    self.assertEqual(answer.headers["ETag"], tag)
                if status == 304 or method == "HEAD":
                    self.assertEqual(answer.body, b"")
                if status == 412 and method == "GET":
                    self.check_problem(answer, 412, "precondition_failed",
                                       version=receipt["version"])
        for name in ("If_Match", "If_None_Match"):
            for nonsense in ("nonsense", ""):
                self.check_problem(self.ask("GET", f"{self.path}/a", **{name: nonsense}), 400,
                                   "invalid_parameter")
        missing = self.ask("GET", f"{self.path}/none", If_Match="*")
        self.check_problem(missing, 412, "precondition_failed", version=None)
        self.check_problem(self.ask("GET", f"{self.path}/none", If_None_Match="*"), 404,
                           "not_found")

    def test_what_is_missing_is_as_of_a_position_too(self):
        receipt = self.put("a", 1)
        for method in ("GET", "HEAD"):
            answer = self.ask(method, f"{self.path}/none")
            self.assertEqual(answer.status, 404)
            self.assertEqual(answer.headers["Keelson-Position"], receipt["position"])

    def test_a_secondary_is_read_by_its_name(self):
        receipt = self.put("a", [1])
        where = f"store=kv&min_position={receipt['position']}"
        answer = self.ask("GET", f"{self.path}/a?{where}")
        self.assertEqual((answer.status, answer.json()), (200, [1]))
        self.assertEqual(answer.headers["Keelson-Store"], "kv")
        self.assertNotIn("Keelson-Store", self.ask("GET", f"{self.path}/a").headers)
        listed = self.ask("GET", f"{self.path}?{where}")
        self.assertEqual((listed.headers["Keelson-Store"], len(listed.json()["items"])), ("kv", 1))
        many = self.ask("POST", f"/v1/batch/get?{where}",
                        {"collection": self.collection, "keys": ["a"]})
        self.assertEqual((many.headers["Keelson-Store"], len(many.json()["items"])), ("kv", 1))
        for path in (f"{self.path}/a", self.path):
            self.check_problem(self.ask("GET", f"{path}?store=nope"), 400, "invalid_parameter")

    def test_a_read_is_compared_when_that_is_asked_for(self):
        position = self.put("a", 1)["position"]
        until(lambda: self.running.get(self.collection, "a",
                                       f"?store=kv&min_position={position}").status == 200)
        answer = self.ask("GET", f"{self.path}/a?verify=wait")
        self.assertEqual(answer.headers["Keelson-Consistency"], "kv=equal")
        missing = self.ask("GET", f"{self.path}/none?verify=wait")
        self.assertEqual((missing.status, missing.headers["Keelson-Consistency"]),
                         (404, "kv=equal"))
        for query in ("", "?verify=off", "?verify=async"):
            self.assertNotIn("Keelson-Consistency",
                             self.ask("GET", f"{self.path}/a{query}").headers)
        self.check_problem(self.ask("GET", f"{self.path}/a?verify=maybe"), 400,
                           "invalid_parameter")
        self.check_problem(self.ask("POST", "/v1/batch/get?verify=wait",
                                    {"collection": self.collection, "keys": []}), 400,
                           "invalid_parameter")
        self.ask("POST", "/v1/secondaries/kv/pause")
        self.addCleanup(self.ask, "POST", "/v1/secondaries/kv/resume")
        self.put("a", 2)
        answer = self.ask("GET", f"{self.path}/a?verify=wait")
        self.assertEqual((answer.json(), answer.headers["Keelson-Consistency"]), (2, "kv=pending"))

    def test_every_read_waits_for_a_position(self):
        at = self.put("a", 1)["position"]
        epoch, sequence = at.split(":")
        reads = [("GET", f"{self.path}/a?", None), ("HEAD", f"{self.path}/a?", None),
                 ("GET", f"{self.path}?", None), ("GET", "/v1/collections?", None),
                 ("POST", "/v1/batch/get?", {"collection": self.collection, "keys": ["a"]}),
                 ("GET", f"{self.path}?", None)]
        kinds = [{}, {}, {}, {}, {}, {"Accept": "application/x-ndjson"}]
        beyond, other = f"{epoch}:{int(sequence) + 1000}", "abcdefgh:1"
        for (method, path, body), headers in zip(reads, kinds):
            done = self.ask(method, f"{path}min_position={at}", body, **headers)
            self.assertEqual((done.status, done.headers["Keelson-Position"]), (200, at), path)
            late = self.ask(method, f"{path}timeout=200ms&min_position={beyond}", body, **headers)
            lost = self.ask(method, f"{path}timeout=60s&min_position={other}", body, **headers)
            self.assertEqual((late.status, lost.status), (504, 410), path)
            if method != "HEAD":
                self.check_problem(late, 504, "position_not_reached")
                self.check_problem(lost, 410, "history_lost",
                                   oldest=self.running.status()["oldest"])
            wrong = self.ask(method, f"{path}min_position=17", body, **headers)
            if method != "HEAD":
                self.check_problem(wrong, 400, "invalid_position")


class Keys(SharedServiceTest):
    def test_a_path_is_decoded_once(self):
        for key in ("a/b", "a%2Fb", "100%", "\u00e4 +&?#", "\U0001f600", "..", ".", "\t\n", "a//b"):
            path = f"{self.path}/{urllib.parse.quote(key, safe='')}"
            self.assertEqual(self.ask("PUT", path, "1").json()["key"], key)
            self.assertEqual(self.ask("GET", path).status, 200)
        keys = [item["key"] for item in self.ask("GET", self.path).json()["items"]]
        self.assertEqual(keys, sorted(keys, key=str.encode))
        self.assertEqual(len(keys), 9)
        self.check_problem(self.ask("GET", f"{self.path}/a/b"), 404, "not_found")
        self.assertEqual(self.ask("PUT", f"/v1/kv/%63{self.collection[1:]}/a%2fb", "2").status, 200)

    def test_keys_have_1_to_512_bytes_of_utf8(self):
        longest = "k" * 510 + "\u00fc"
        self.assertEqual(self.ask("PUT", f"{self.path}/{urllib.parse.quote(longest)}", "1").status,
                         201)
        for key in ("", "k" * 513, "%00", "%FF", "%C3", "%ED%A0%80", "%C0%80", "%4", "%zz", "%"):
            for method, body in (("GET", None), ("PUT", "1"), ("DELETE", None)):
                self.check_problem(self.ask(method, f"{self.path}/{key}", body), 400,
                                   "invalid_key")

    def test_names_of_collections(self):
        for name in ("a", "a-b_c9", "a" * 63):
            self.assertEqual(self.ask("GET", f"/v1/kv/{name}/k").status, 404)
        for name in ("A", "_own", "9a", "a" * 64, "a.b", "%C3%A4", "a%2Fb", "%zz", "%"):
            for path in (f"/v1/kv/{name}/k", f"/v1/kv/{name}"):
                self.check_problem(self.ask("GET", path), 400, "invalid_collection")
            self.check_problem(self.ask("POST", f"/v1/kv/{name}", "1"), 400, "invalid_collection")
            self.check_problem(self.ask("DELETE", f"/v1/kv/{name}?all=true"), 400,
                               "invalid_collection")
