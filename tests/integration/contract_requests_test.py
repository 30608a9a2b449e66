"""The contract of every request, through a socket: ids, order, methods, parameters, deadlines,
refused bodies and heads."""

import json

from tests.support.harness import SharedServiceTest
from tests.support.raw_http import RawConnection, request_bytes

MIB = 1 << 20
JSON = {"Content_Type": "application/json"}


class Requests(SharedServiceTest):
    def connection(self):
        raw = RawConnection(self.running.port)
        self.addCleanup(raw.socket.close)
        return raw

    def routes(self):
        """(method, path) of every operation of the description, with names filled in."""
        paths = self.ask("GET", "/v1/openapi.json").json()["paths"]
        named = {"{collection}": self.collection, "{key}": "k", "{id}": "none", "{name}": "none"}
        for path, methods in paths.items():
            for name, text in named.items():
                path = path.replace(name, text)
            yield path, [method.upper() for method in methods]

    def test_every_answer_says_its_request_id(self):
        raw = self.connection()
        for sane in ("a", "A.b_c-9", "x" * 64):
            self.assertEqual(raw.ask("GET", "/healthz", X_Request_Id=sane).headers["X-Request-Id"],
                             sane)
        made = set()
        for insane in ("", "x" * 65, "a b", "a/b", "\u00fc", "a;b"):
            answer = raw.ask("GET", "/healthz", X_Request_Id=insane)
            self.assertRegex(answer.headers["X-Request-Id"], "^[a-z2-7]{13}$")
            made.add(answer.headers["X-Request-Id"])
        self.assertEqual(len(made), 6)
        for path, methods in self.routes():
            for method in methods:
                answer = raw.ask(method, path, X_Request_Id="mine",
                                 Accept="application/x-ndjson")
                self.assertEqual(answer.headers["X-Request-Id"], "mine", (method, path))

    def test_pipelined_requests_take_effect_in_their_order(self):
        raw, rounds = self.connection(), 100
        data = b""
        for number in range(rounds):
            data += request_bytes("PUT", f"{self.path}/k", str(number).encode(), **JSON)
            data += request_bytes("GET", f"{self.path}/k")
            data += request_bytes("POST", "/v1/batch", json.dumps({"operations": [
                {"op": "delete", "collection": self.collection, "key": "k"}]}).encode(), **JSON)
            data += request_bytes("HEAD", f"{self.path}/k")
        raw.send(data)
        for number in range(rounds):
            self.assertEqual(raw.answer().status, 201)
            self.assertEqual(raw.answer().json(), number)
            self.assertEqual(raw.answer().status, 200)
            self.assertEqual(raw.answer("HEAD").status, 404)

    def test_an_answer_does_not_wait_for_that_to_a_later_request(self):
        raw = self.connection()
        raw.send(request_bytes("PUT", f"{self.path}/k", b"1", **JSON) +
                 request_bytes("GET", f"/v1/changes?wait=60s&collection={self.collection}-other"))
        self.assertEqual(raw.answer().status, 201)
        raw = self.connection()
        upgrade = request_bytes("GET", "/v1/changes", Upgrade="websocket", Connection="upgrade",
                                Sec_WebSocket_Version="13",
                                Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==")
        raw.send(request_bytes("GET", f"{self.path}/k") + upgrade)
        self.assertEqual([raw.answer().status, raw.answer().status], [200, 101])

    def test_unknown_parameters_and_repeated_ones_are_refused_everywhere(self):
        for path, methods in self.routes():
            for method in methods:
                for query in ("?whatever=1", "?Timeout=1s", "?%00=1", "?timeout=1s&timeout=1s"):
                    answer = self.ask(method, path + query)
                    self.check_problem(answer, 400, "invalid_parameter")

    def test_every_route_has_a_deadline_up_to_60_s(self):
        for path, methods in self.routes():
            for method in methods:
                for wrong in ("0", "61s", "60001ms", "-1s", "1m", "x", ""):
                    answer = self.ask(method, f"{path}?timeout={wrong}")
                    self.check_problem(answer, 400, "invalid_parameter")
        for path in ("/healthz", "/readyz", "/metrics", "/v1/status", "/v1/changes",
                     "/v1/openapi.json", "/v1/collections", self.path):
            for right in ("1s", "60s", "5", "900ms"):
                self.assertEqual(self.ask("GET", f"{path}?timeout={right}").status, 200, path)

    def test_methods_of_each_path(self):
        for path, methods in self.routes():
            allowed = set(methods) | ({"HEAD"} if "GET" in methods else set())
            for method in ("GET", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"):
                if method in allowed:
                    continue
                answer = self.ask(method, path)
                self.check_problem(answer, 405, "method_not_allowed")
                self.assertEqual(set(answer.headers["Allow"].split(", ")), allowed)
        for path in ("/", "/v1", "/v1/kv", "/v1/kv/", "/v2/kv/c/k", "/v1/kv/c/k/", "/V1/status",
                     "/v1/status/", "//v1/status"):
            answer = self.ask("GET", path)
            self.assertIn(answer.status, (400, 404))
            if not path.startswith("/v1/kv/"):
                self.check_problem(answer, 404, "not_found")

    def test_a_refused_body_is_read_before_the_connection_closes(self):
        for size in (2 * MIB, 6 * MIB):
            raw = self.connection()
            raw.send(request_bytes("PUT", f"{self.path}/k", b"1" * size, **JSON))
            answer = raw.answer()
            self.check_problem(answer, 413, "too_large")
            self.assertEqual(answer.headers["Connection"], "close")
            raw.finish_sending()
            self.assertEqual(raw.rest(), b"")
        small = self.connection()
        self.check_problem(small.ask("PUT", f"{self.path}/k", b"x" * 60_000,
                                     Content_Type="text/plain"), 415, "unsupported_media_type")
        self.assertEqual(small.ask("GET", "/healthz").status, 200)

    def test_more_than_8_mib_of_a_refused_body_is_not_read(self):
        raw = self.connection()
        raw.send(b"PUT " + self.path.encode() + b"/k HTTP/1.1\r\nHost: localhost\r\n"
                 b"Content-Length: 1073741824\r\n\r\n")
        self.check_problem(raw.answer(), 413, "too_large")
        sent, piece = 0, b"1" * MIB
        with self.assertRaises(OSError):
            while sent < 1 << 30:
                raw.send(piece)
                sent += len(piece)
        self.assertGreaterEqual(sent, 8 * MIB)
        self.assertLess(sent, 64 * MIB)  # beyond the 8 only what the buffers of the sockets hold

    def test_heads_that_are_none(self):
        host = "Host: localhost\r\n"
        heads = [("NONSENSE\r\n", 400, "invalid_parameter"),
                 ("GET /healthz HTTP/1.1\r\n", 400, "invalid_parameter"),
                 ("GET /healthz HTTP/3.0\r\n" + host, 400, "invalid_parameter"),
                 ("GET healthz HTTP/1.1\r\n" + host, 400, "invalid_parameter"),
                 (f"GET /healthz HTTP/1.1\r\n{host}If-Match: *\r\nIf-Match: *\r\n", 400,
                  "invalid_parameter"),
                 (f"GET /healthz HTTP/1.1\r\n{host}Host: other\r\n", 400, "invalid_parameter"),
                 (f"GET /healthz HTTP/1.1\r\n{host}Origin: a\r\n b\r\n", 400, "invalid_parameter"),
                 (f"PUT {self.path}/k HTTP/1.1\r\n{host}Content-Length: x\r\n", 400,
                  "invalid_parameter"),
                 (f"PUT {self.path}/k HTTP/1.1\r\n{host}Content-Length: 1\r\n"
                  "Transfer-Encoding: chunked\r\n", 400, "invalid_parameter"),
                 (f"PUT {self.path}/k HTTP/1.1\r\n{host}Transfer-Encoding: gzip\r\n", 400,
                  "invalid_parameter"),
                 (f"GET /healthz HTTP/1.1\r\n{host}X: {'x' * 20_000}\r\n", 431, "head_too_large"),
                 (f"GET /{'x' * 20_000} HTTP/1.1\r\n{host}", 431, "head_too_large")]
        for head, status, code in heads:
            raw = self.connection()
            raw.send(head.encode() + b"\r\n")
            answer = raw.answer()
            self.check_problem(answer, status, code)
            self.assertIn("X-Request-Id", answer.headers)
            self.assertEqual(answer.headers["Connection"], "close")
            raw.finish_sending()
            self.assertEqual(raw.rest(), b"")
