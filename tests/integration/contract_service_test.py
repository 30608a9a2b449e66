"""The contract of the service's own routes, through a socket: health, status, comparisons,
operators' verbs, the description, the metrics."""

import json
import re
import subprocess

from tests.support.harness import SharedServiceTest, until

POSITION = r"^[a-z0-9]{8}:\d+$"
COUNTS = {"equal", "pending", "different", "unknown"}


class Health(SharedServiceTest):
    def test_the_process_lives(self):
        answer = self.ask("GET", "/healthz")
        self.assertEqual((answer.status, answer.json()), (200, {"state": "alive"}))

    def test_every_component_with_state_and_reason(self):
        until(lambda: self.running.secondary()["state"] == "live", what="the state live")
        answer = self.ask("GET", "/readyz")
        self.assertEqual((answer.status, answer.json()["state"]), (200, "ready"))
        components = answer.json()["components"]
        self.assertEqual([(c["name"], c["state"], c["reason"]) for c in components],
                         [("primary", "serving", ""), ("kv", "live", ""),
                          ("validator", "serving", ""), ("feed", "serving", "")])
        self.ask("POST", "/v1/secondaries/kv/pause")
        paused = self.ask("GET", "/readyz")
        self.assertEqual((paused.status, paused.json()["state"]), (200, "degraded"))
        self.ask("POST", "/v1/secondaries/kv/resume")

    def test_status_has_these_members(self):
        position = self.ask("PUT", f"{self.path}/a", "1").json()["position"]
        self.running.caught_up()
        self.running.settled()
        status = self.running.status()
        self.assertEqual(list(status), ["version", "uptime_seconds", "log_id", "position", "oldest",
                                        "primary", "secondaries", "validator", "subscribers",
                                        "queues"])
        self.assertRegex(status["log_id"], "^[0-9a-f-]{36}$")
        self.assertEqual(status["position"], position)
        self.assertRegex(status["oldest"], POSITION)
        primary = status["primary"]
        self.assertEqual(list(primary), ["url", "state", "capabilities", "documents", "bytes"])
        self.assertEqual((primary["url"], primary["state"]), ("sqlite:primary.db", "serving"))
        self.assertIn("durable", primary["capabilities"])
        collections = self.ask("GET", "/v1/collections").json()["collections"]
        for name in ("documents", "bytes"):
            self.assertEqual(primary[name], sum(each[name] for each in collections))
        secondary = status["secondaries"][0]
        self.assertEqual(list(secondary), ["name", "url", "state", "applied_position",
                                           "lag_changes", "lag_seconds", "last_error", "documents",
                                           "bytes"])
        self.assertEqual((secondary["name"], secondary["url"], secondary["applied_position"],
                          secondary["lag_changes"], secondary["lag_seconds"],
                          secondary["last_error"]), ("kv", "rocksdb:kv", position, 0, 0, None))
        self.assertLessEqual({"checks", "checks_let_go", "open_differences",
                              "open_differences_total"}, set(status["validator"]))
        self.assertLessEqual({"live", "catching_up"}, set(status["subscribers"]))
        self.assertLessEqual({"writer_commits", "writer_bytes", "requests_in_flight"},
                             set(status["queues"]))

    def test_metrics_are_prometheus_text(self):
        self.ask("PUT", f"{self.path}/a", "1")
        answer = self.ask("GET", "/metrics")
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"))
        checked = subprocess.run(["promtool", "check", "metrics"], input=answer.body,
                                 capture_output=True, timeout=60)
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, b"", b""))
        names = set(re.findall(r"^# TYPE (\S+)", answer.body.decode(), re.MULTILINE))
        self.assertTrue(all(name.startswith(("keelson_", "process_")) for name in names), names)
        self.assertLessEqual({"keelson_http_requests_total", "keelson_kv_write_failures_total",
                              "keelson_kv_read_failures_total", "keelson_kv_write_latency_seconds",
                              "keelson_kv_read_latency_seconds", "keelson_kv_lag_seconds",
                              "keelson_data_inconsistencies_total", "keelson_open_differences",
                              "keelson_history_replaced_total"}, names)

    def test_the_description_has_every_operation(self):
        description = self.ask("GET", "/v1/openapi.json").json()
        self.assertEqual(description["openapi"], "3.1.0")
        found = {f"{method.upper()} {path}" for path, methods in description["paths"].items()
                 for method in methods}
        document, collection = "/v1/kv/{collection}/{key}", "/v1/kv/{collection}"
        self.assertLessEqual(
            {f"{method} {document}" for method in ("GET", "PUT", "PATCH", "DELETE")} |
            {f"{method} {collection}" for method in ("GET", "POST", "DELETE")} |
            {"GET /v1/collections", "POST /v1/batch", "POST /v1/batch/get", "GET /v1/changes",
             "GET /healthz", "GET /readyz", "GET /metrics", "GET /v1/status", "POST /v1/verify",
             "GET /v1/verify/{id}", "DELETE /v1/verify/{id}", "GET /v1/verify/{id}/differences",
             "POST /v1/secondaries/{name}/pause", "POST /v1/secondaries/{name}/resume",
             "POST /v1/secondaries/{name}/rebuild", "GET /v1/openapi.json"}, found)


class Comparisons(SharedServiceTest):
    FLAGS = ("--validator-pending-grace", "60s")

    def start(self, **body):
        answer = self.ask("POST", "/v1/verify", body)
        self.assertEqual(answer.status, 202, answer)
        self.assertEqual(list(answer.json()), ["id"])
        self.assertEqual(answer.headers["Location"], f"/v1/verify/{answer.json()['id']}")
        return answer.headers["Location"]

    def test_a_report_from_its_beginning_to_its_end(self):
        for number in range(10):
            at = self.ask("PUT", f"{self.path}/k{number}", "1").json()["position"]
        self.running.caught_up()
        report = self.running.verify(collection=self.collection)
        self.assertEqual(list(report), ["id", "state", "progress", "secondaries", "differences"])
        self.assertEqual((report["state"], report["progress"], report["differences"]),
                         ("equal", 1, []))
        one = report["secondaries"][0]
        self.assertEqual(list(one), ["name", "state", "from", "to", "counts", "differences_total"])
        self.assertEqual((one["name"], one["state"], one["from"], one["to"],
                          one["differences_total"]), ("kv", "equal", at, at, 0))
        self.assertEqual(one["counts"], {"equal": 10, "pending": 0, "different": 0, "unknown": 0})
        self.assertEqual(self.ask("GET", f"/v1/verify/{report['id']}/differences").json(),
                         {"differences": []})
        self.assertNotIn("last_full_pass", self.running.status()["validator"])
        full = self.running.verify()
        last = until(lambda: self.running.status()["validator"].get("last_full_pass"))
        self.assertEqual((last["id"], last["state"]), (full["id"], "equal"))

    def test_one_at_a_time_and_a_stop(self):
        self.ask("POST", "/v1/secondaries/kv/pause")
        self.addCleanup(self.ask, "POST", "/v1/secondaries/kv/resume")
        self.ask("PUT", f"{self.path}/a", "1")
        path = self.start(secondary="kv")
        self.check_problem(self.ask("POST", "/v1/verify", {}), 409, "busy")
        running = self.ask("GET", path).json()
        self.assertEqual(running["state"], "running")
        self.assertLessEqual(set(running["secondaries"][0]["counts"]), COUNTS)
        stopped = self.ask("DELETE", path)
        self.assertEqual((stopped.status, stopped.json()["id"]), (200, running["id"]))
        ended = until(lambda: (lambda r: r if r["state"] != "running" else None)(
            self.ask("GET", path).json()), what="the end")
        self.assertEqual(ended["state"], "stopped")
        again = self.start(secondary="kv")
        self.ask("DELETE", again)

    def test_what_is_no_comparison(self):
        for body in ('{"secondary":"nope"}', '{"secondary":1}', '{"what":1}', "[]", "1"):
            self.check_problem(self.ask("POST", "/v1/verify", body), 400, "invalid_parameter")
        self.check_problem(self.ask("POST", "/v1/verify", '{"collection":"A"}'), 400,
                           "invalid_collection")
        self.check_problem(self.ask("POST", "/v1/verify", "{"), 400, "invalid_json")
        for method, path in (("GET", "/v1/verify/none"), ("DELETE", "/v1/verify/none"),
                             ("GET", "/v1/verify/none/differences"), ("GET", "/v1/verify/")):
            self.check_problem(self.ask(method, path), 404, "not_found")
        path = self.start()
        for after in ("x", "-1"):
            self.check_problem(self.ask("GET", f"{path}/differences?after={after}"), 400,
                               "invalid_parameter")


class Verbs(SharedServiceTest):
    FLAGS = ("--validator-pending-grace", "100ms")

    def verb(self, verb, body="{}"):
        answer = self.ask("POST", f"/v1/secondaries/kv/{verb}", body)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json()["name"], "kv")
        self.assertLessEqual({"url", "state", "applied_position", "lag_changes"},
                             set(answer.json()))
        return answer.json()

    def test_pause_resume_rebuild(self):
        self.ask("PUT", f"{self.path}/a", "1")
        self.running.caught_up()
        self.assertEqual(self.verb("pause")["state"], "paused")
        self.ask("PUT", f"{self.path}/a", "2")
        until(lambda: self.running.secondary()["lag_changes"] == 1, what="the lag")
        report = self.running.verify()
        self.assertEqual((report["state"], report["secondaries"][0]["state"]),
                         ("incomplete", "incomplete"))
        self.verb("resume")
        self.running.caught_up()
        self.verb("rebuild")
        until(lambda: self.running.secondary()["state"] == "live", what="the rebuild")
        self.running.caught_up()
        self.assertEqual(self.running.verify()["state"], "equal")

    def test_verbs_that_cannot_be(self):
        for verb in ("pause", "resume", "rebuild"):
            self.check_problem(self.ask("POST", f"/v1/secondaries/nope/{verb}", "{}"), 404,
                               "not_found")
            self.check_problem(self.ask("POST", f"/v1/secondaries/primary/{verb}", "{}"), 404,
                               "not_found")
            self.check_problem(self.ask("GET", f"/v1/secondaries/kv/{verb}"), 405,
                               "method_not_allowed")
        self.check_problem(self.ask("POST", "/v1/secondaries/kv/dance"), 404, "not_found")
        for body in ('{"confirm":1}', '{"x":true}', "[]"):
            self.check_problem(self.ask("POST", "/v1/secondaries/kv/rebuild", body), 400,
                               "invalid_parameter")
