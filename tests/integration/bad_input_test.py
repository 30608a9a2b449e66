"""Bad input, as a table: each is refused with the word for it, changes nothing, and the service
goes on: G8, G9."""

import json
import socket

from tests.support.harness import SharedServiceTest
from tests.support.raw_http import RawConnection, request_bytes

MIB = 1 << 20
DEEP = "[" * 64 + "]" * 64

MALFORMED = ["", " ", "{", "[1,", '{"a":}', '{"a":1,}', "[1,]", "nul", "True", "'a'", '"a', '"\\x"',
             '"\n"', "01", "1.", ".5", "+1", "-", "0x1", "1e", "NaN", "Infinity", "1 2", "{}{}",
             '{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '[{"b":{"c":1,"c":1}}]', '{a:1}', "/**/1",
             '"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '{"\\u0000":1}', "\ufeff1", '"a\x00b"']
NOT_UTF8 = [b'"\xff"', b'"\xc3"', b'"\xc0\x80"', b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"', b"\xff",
            b'{"\xe2\x82":1}']
OUT_OF_RANGE = ["1e999", "-1e999", "1e-999", "18446744073709551616", "-9223372036854775809",
                "9" * 400, "0." + "0" * 400 + "1"]


class BadInput(SharedServiceTest):
    FLAGS = ("--limits-batch", "6MiB")  # so that all of a larger one is read, up to 8 MiB

    def setUp(self):
        super().setUp()
        self.before = self.running.position()

    def tearDown(self):
        self.assertEqual(self.running.position(), self.before)
        self.assertEqual(self.running.metric("keelson_actor_restarts_total"), 0)

    def values(self, text):
        """The ways by which a value comes in: (method, path, headers, body)."""
        text = text if isinstance(text, bytes) else text.encode()
        merge = {"Content_Type": "application/merge-patch+json"}
        operation = b'{"op":"put","collection":"c","key":"k","value":' + text + b"}"
        return [("PUT", f"{self.path}/k", {}, text), ("POST", self.path, {}, text),
                ("PATCH", f"{self.path}/k", merge, text),
                ("POST", "/v1/batch", {}, b'{"operations":[' + operation + b"]}")]

    def check_value(self, text, status, code):
        for method, path, headers, body in self.values(text):
            with self.subTest(method=method, path=path, text=text[:60]):
                with RawConnection(self.running.port) as raw:
                    headers = {"Content_Type": "application/json"} | headers
                    answer = raw.ask(method, path, body, **headers)
                    members = {"index": 0} if b"index" in answer.body else {}
                    self.check_problem(answer, status, code, **members)
                    self.assertLessEqual(bool(members), path == "/v1/batch")

    def test_what_is_not_json(self):
        for text in MALFORMED + NOT_UTF8:
            self.check_value(text, 400, "invalid_json")

    def test_numbers_out_of_range(self):
        for text in OUT_OF_RANGE:
            self.check_value(text, 400, "number_out_of_range")
            self.check_value(f'{{"a":[{text}]}}', 400, "number_out_of_range")

    def test_too_deep_and_too_large(self):
        self.check_value("[" + DEEP + "]", 413, "too_large")
        self.check_value('{"a":' * 70 + "1" + "}" * 70, 413, "too_large")
        self.check_value("[" * 100_000, 413, "too_large")
        self.check_value('"' + "x" * MIB + '"', 413, "too_large")
        batch = json.dumps({"operations": [{"op": "put", "collection": "c", "key": str(i),
                                            "value": "x" * (MIB - 2)} for i in range(7)]})
        self.check_problem(self.ask("POST", "/v1/batch", batch), 413, "too_large")

    def test_each_line_of_a_load_is_judged_alone(self):
        rows = [(text, "invalid_json") for text in MALFORMED if text.strip() and "\n" not in text]
        rows += [(text, "invalid_json") for text in NOT_UTF8]
        rows += [(text, "number_out_of_range") for text in OUT_OF_RANGE]
        rows += [("[" + DEEP + "]", "too_large"), ('"' + "x" * MIB + '"', "too_large")]
        lines = []
        for text, _ in rows:
            text = text if isinstance(text, bytes) else text.encode()
            lines.append(b'{"key":"k","value":' + text + b"}")
        answer = self.running.request("POST", self.path, b"\n".join(lines),
                                      {"Content-Type": "application/x-ndjson"})
        self.assertEqual(answer.status, 200, answer)
        failed = answer.json()["failed"]
        for number, (text, code) in enumerate(rows, 1):
            with self.subTest(text=text[:60]):
                self.assertEqual([f["code"] for f in failed if f["line"] == number], [code])
        self.assertEqual(answer.json()["written"], 0)

    def test_bodies_of_the_service_itself(self):
        for path in ("/v1/batch", "/v1/batch/get", "/v1/verify", "/v1/secondaries/kv/rebuild"):
            for text in ("{", '{"a":1,"a":1}', b'"\xff"'):
                self.check_problem(self.ask("POST", path, text), 400, "invalid_json")
            self.check_problem(self.ask("POST", path, "{}", Content_Type="text/plain"), 415,
                               "unsupported_media_type")
            too_large = json.dumps({"x": "x" * (7 * MIB)})
            self.check_problem(self.ask("POST", path, too_large), 413, "too_large")

    def test_queries_that_are_none(self):
        paths = [f"{self.path}/k", self.path, "/v1/collections", "/v1/changes", "/v1/status"]
        for path in paths:
            for query in ("%", "timeout=%4", "timeout=%zz", "timeout=1s%00", "%FF=1", "a%C3=1",
                          "timeout=%ED%A0%80", "=1", "timeout", "&&x=1"):
                with self.subTest(path=path, query=query):
                    self.check_problem(self.ask("GET", f"{path}?{query}"), 400,
                                       "invalid_parameter")

    def test_wrong_content_types_and_codings(self):
        types = ["text/plain", "application/xml", "application/x-www-form-urlencoded",
                 "multipart/form-data; boundary=x", "json", "application/json2", "*/*"]
        for method, path in (("PUT", f"{self.path}/k"), ("POST", self.path), ("POST", "/v1/batch"),
                             ("PATCH", f"{self.path}/k")):
            for wrong in types:
                self.check_problem(self.ask(method, path, "1", Content_Type=wrong), 415,
                                   "unsupported_media_type")
            for coding in ("gzip", "br", "identity, gzip"):
                self.check_problem(self.ask(method, path, "1", Content_Encoding=coding), 415,
                                   "unsupported_media_type")

    def test_bodies_that_are_cut_off(self):
        head = request_bytes("PUT", f"{self.path}/k", Content_Type="application/json",
                             Content_Length="100")
        chunked = request_bytes("PUT", f"{self.path}/k", Content_Type="application/json",
                                Transfer_Encoding="chunked")
        for sent in (head, head + b"[1,", chunked, chunked + b"5\r\n[1", chunked + b"1\r\n1\r\n"):
            with self.subTest(sent=sent[-20:]):
                with RawConnection(self.running.port) as raw:
                    raw.send(sent)
                    raw.finish_sending()
                    raw.rest()
                with RawConnection(self.running.port) as raw:
                    raw.send(sent)
                    raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                          b"\1\0\0\0\0\0\0\0")  # ends with a reset
        for bad in (b"x\r\n", b"-1\r\n1", b"ffffffffffffffffff\r\n1", b"1\r\n12\r\n0\r\n\r\n"):
            with self.subTest(chunk=bad):
                with RawConnection(self.running.port) as raw:
                    raw.send(chunked + bad)
                    self.check_problem(raw.answer(), 400, "invalid_parameter")

    def test_hosts_and_origins_of_others(self):
        rows = [{"Host": host} for host in ("evil.example", "evil.example:8470", "127.0.0.2",
                                            "localhost.evil.example", "169.254.169.254", "[::2]")]
        rows += [{"Origin": origin} for origin in ("https://evil.example", "null", "file://",
                                                   "http://localhost:1", "https://localhost")]
        for headers in rows:
            for method, path, body in (("GET", "/healthz", None), ("PUT", f"{self.path}/k", "1"),
                                       ("GET", "/v1/changes", None)):
                with self.subTest(headers=headers, path=path):
                    answer = self.ask(method, path, body, **headers)
                    self.check_problem(answer, 403, "forbidden")
                    self.assertNotIn("Access-Control-Allow-Origin", answer.headers)
