"""The closed table of errors: each code that a request can bring about, with its status and the
members and headers that go with it."""

import sqlite3

from tests.support.harness import ServiceTest, check_problem, until
from tests.support.raw_http import RawConnection, request_bytes
from tests.support.stall import Stall

# What no request of this version leads to, but the table keeps a word for.
UNUSED = {"superseded", "not_supported", "internal"}
# Where it takes a full disk, a socket, or several callers.
ELSEWHERE = {"storage_full": "full_disk_test", "too_many_requests": "limits_test"}


class Table(ServiceTest):
    def setUp(self):
        super().setUp()
        self.met = set()

    def meet(self, answer, status, code, **members):
        check_problem(self, answer, status, code, **members)
        self.met.add(code)

    def ask(self, method, path, body=None, **headers):
        return self.running.request(method, path, body,
                                    {k.replace("_", "-"): v for k, v in headers.items()})

    def test_every_code(self):
        place = self.folder / "away"
        place.mkdir()
        stall = Stall(place)
        self.addCleanup(stall.close)
        copy = self.folder / "copy.db"
        self.running = self.service("--primary", f"sqlite:{place}/primary.db",
                                    "--secondary", f"copy=sqlite:{copy}",
                                    "--limits-in-flight", "3",
                                    "--limits-in-flight-per-connection", "1", start=False)
        self.running.environment = stall.environment
        self.running.start()
        end = self.ask("PUT", "/v1/kv/c/k", "1").json()["position"]
        self.refuse_requests(end)
        self.refuse_in_conflict(copy)
        self.refuse_under_load(stall)
        self.refuse_without_a_primary(place)
        self.refuse_callers()
        table = self.description["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
        self.assertEqual(self.met | UNUSED | set(ELSEWHERE), set(table))
        self.assertEqual(self.met & (UNUSED | set(ELSEWHERE)), set())

    def refuse_requests(self, end):
        """Whatever is wrong with the request itself."""
        self.description = self.ask("GET", "/v1/openapi.json").json()
        key = "/v1/kv/c/k"
        self.meet(self.ask("PUT", key, "{"), 400, "invalid_json")
        self.meet(self.ask("PUT", key, "1e999"), 400, "number_out_of_range")
        self.meet(self.ask("GET", "/v1/kv/c/%FF"), 400, "invalid_key")
        self.meet(self.ask("GET", "/v1/kv/C/k"), 400, "invalid_collection")
        self.meet(self.ask("GET", f"{key}?what=1"), 400, "invalid_parameter")
        self.meet(self.ask("GET", f"{key}?min_position=x"), 400, "invalid_position")
        self.meet(self.ask("GET", "/v1/kv/c/none"), 404, "not_found")
        self.meet(self.ask("POST", key, "1"), 405, "method_not_allowed")
        self.meet(self.ask("GET", f"{key}?min_position=abcdefgh:1"), 410, "history_lost",
                  oldest=self.running.status()["oldest"])
        self.meet(self.ask("PUT", key, "1", If_None_Match="*"), 412, "precondition_failed",
                  version=1)
        self.meet(self.ask("POST", "/v1/batch", {"operations": [
            {"op": "put", "collection": "c", "key": "x", "value": 1},
            {"op": "check", "collection": "c", "key": "none", "if_version": 7}]}), 412,
            "precondition_failed", index=1, version=None)
        self.meet(self.ask("PUT", key, '"' + "x" * (1 << 20) + '"'), 413, "too_large")
        self.meet(self.ask("PUT", key, "1", Content_Type="text/plain"), 415,
                  "unsupported_media_type")
        self.ask("PUT", key, "1", Idempotency_Key="used")
        self.meet(self.ask("PUT", key, "2", Idempotency_Key="used"), 422, "idempotency_mismatch")
        self.meet(self.ask("GET", key, X="x" * 17_000), 431, "head_too_large")
        beyond = f"{end.split(':')[0]}:1000000"
        self.meet(self.ask("GET", f"{key}?timeout=200ms&min_position={beyond}"), 504,
                  "position_not_reached")
        self.meet(self.ask("GET", key, Host="evil.example"), 403, "forbidden")

    def refuse_in_conflict(self, copy):
        """What another request has begun, or an operator has to say first."""
        self.ask("POST", "/v1/secondaries/copy/pause")
        self.ask("PUT", "/v1/kv/c/k", "2")
        path = self.ask("POST", "/v1/verify", "{}").headers["Location"]
        self.meet(self.ask("POST", "/v1/verify", "{}"), 409, "busy")
        self.ask("DELETE", path)
        self.ask("POST", "/v1/secondaries/copy/resume")
        for number in range(100):
            self.ask("PUT", f"/v1/kv/c/{number}", "1")
        self.running.caught_up("copy")
        with sqlite3.connect(copy, timeout=30) as edited:
            edited.execute("UPDATE documents SET value = '0'")
        edited.close()
        self.assertEqual(self.ask("POST", "/v1/secondaries/copy/rebuild", "{}").status, 200)
        until(lambda: self.running.secondary("copy")["state"] == "confirmation_required",
              what="the state confirmation_required")
        self.meet(self.ask("POST", "/v1/secondaries/copy/rebuild", "{}"), 409,
                  "confirmation_required")
        self.assertEqual(self.ask("POST", "/v1/secondaries/copy/rebuild",
                                  '{"confirm":true}').status, 200)
        until(lambda: self.running.secondary("copy")["state"] == "live", what="the rebuild")

    def refuse_under_load(self, stall):
        """What the primary does not get to while its disk hangs."""
        stall.begin()
        self.meet(self.ask("PUT", "/v1/kv/c/k?timeout=100ms", "3"), 504, "outcome_unknown")
        waiting = [RawConnection(self.running.port) for _ in range(3)]
        for number, each in enumerate(waiting):
            self.addCleanup(each.socket.close)
            each.send(request_bytes("PUT", f"/v1/kv/c/w{number}?timeout=60s", b"1"))
        until(lambda: self.running.status()["queues"]["requests_in_flight"] >= 3,
              what="three requests in flight")
        self.meet(self.ask("PUT", "/v1/kv/c/k", "4"), 503, "overloaded")
        stall.end()
        self.assertEqual([each.answer().status for each in waiting], [201, 201, 201])
        self.assertGreaterEqual(self.running.metric("keelson_http_refusals_total"), 1)

    def refuse_without_a_primary(self, place):
        self.assertEqual(self.running.stop(), 0)
        kept = place / "primary.db"
        kept.write_bytes(kept.read_bytes()[:4096])
        self.running.start()
        self.meet(self.ask("PUT", "/v1/kv/c/k", "1"), 503, "unavailable")
        self.meet(self.ask("GET", "/v1/kv/c/k"), 503, "unavailable")

    def refuse_callers(self):
        self.running = self.service("--auth-tokens", "reader:read:secret", name="tokens")
        refused = self.ask("GET", "/v1/status")
        self.meet(refused, 401, "unauthenticated")
        self.assertEqual(refused.headers["WWW-Authenticate"], "Bearer")
        self.meet(self.ask("PUT", "/v1/kv/c/k", "1", Authorization="Bearer secret"), 403,
                  "forbidden")
