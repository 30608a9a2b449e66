"""What the log says of requests, in both forms."""

import json

from tests.support.harness import ServiceTest, until

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Log(ServiceTest):
    def slow_requests(self, service):
        lines = [line for line in service.log().splitlines() if "event=slow_request" in line]
        return [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in lines]

    def test_a_request_that_took_long_and_none_that_was_asked_to_wait(self):
        service = self.service("--log-slow-request", "50ms")
        operations = [{"op": "put", "collection": "cities", "key": str(i), "value": "x" * 7000}
                      for i in range(1000)]
        answer = service.request("POST", "/v1/batch", {"operations": operations},
                                 {"traceparent": TRACE, "X-Request-Id": "the-slow-one"})
        self.assertEqual(answer.status, 200)
        service.request("GET", "/v1/changes?wait=300ms", headers={"X-Request-Id": "a-long-poll"})
        shown = until(lambda: self.slow_requests(service), what="the line of a slow request")
        found = next(line for line in shown if line["request_id"] == "the-slow-one")
        self.assertEqual((found["method"], found["route"], found["status"], found["trace"]),
                         ("POST", '"/v1/batch"', "200", f'"{TRACE}"'))
        self.assertGreater(float(found["seconds"]), 0.05)
        self.assertNotIn("a-long-poll", service.log())

    def test_every_line_is_json_when_that_was_asked_for(self):
        service = self.service("--log-format", "json")
        service.put("cities", "a", 1)
        service.stop()
        lines = [json.loads(line) for line in service.log_path.read_text().splitlines()]
        self.assertGreater(len(lines), 3)
        for line in lines:
            self.assertLessEqual({"time", "level"}, set(line))
