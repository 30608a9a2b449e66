"""The contract of GET /v1/changes as pages and as server-sent events, through a socket."""

import threading
import time
import urllib.parse

from tests.support.harness import ServiceTest, SharedServiceTest, check_problem, until
from tests.support.raw_http import EventStream

TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"


def sequence(position):
    return int(position.split(":")[1])


class Changes(SharedServiceTest):
    def setUp(self):
        super().setUp()
        self.other = self.collection + "-other"
        self.begin = self.running.settled()

    def batch(self, *rows):
        """Puts of (collection, key); value None deletes."""
        operations = [{"op": "delete" if value is None else "put", "collection": collection,
                       "key": key} | ({} if value is None else {"value": value})
                      for collection, key, value in rows]
        answer = self.ask("POST", "/v1/batch", {"operations": operations})
        self.assertEqual(answer.status, 200, answer)
        return self.running.settled()

    def at(self, number):
        """The position so many changes behind the beginning of this test."""
        return f"{self.begin.split(':')[0]}:{sequence(self.begin) + number}"

    def page(self, since=None, **query):
        query = {"since": since or self.begin} | query
        answer = self.ask("GET", f"/v1/changes?{urllib.parse.urlencode(query, doseq=True)}")
        self.assertEqual(answer.status, 200, answer)
        page = answer.json()
        self.assertEqual(list(page), ["changes", "position"])
        self.assertEqual(answer.headers["Keelson-Position"], page["position"])
        return page


class Pages(Changes):
    def keys(self, **query):
        return [(c["key"], c.get("more")) for c in self.page(**query)["changes"]]

    def test_a_change_has_exactly_these_members(self):
        self.batch((self.collection, "a", {"n": 1.0}), (self.collection, "b", [2]))
        self.batch((self.collection, "a", None))
        page = self.page()
        put, second, gone = page["changes"]
        self.assertEqual(list(put), ["position", "op", "collection", "key", "version", "time",
                                     "value", "more"])
        self.assertEqual(set(gone), {"position", "op", "collection", "key", "version", "time"})
        for number, change in enumerate((put, second, gone), 1):
            self.assertEqual(change["position"], self.at(number))
            self.assertEqual(change["version"], sequence(change["position"]))
            self.assertRegex(change["time"], TIME)
        self.assertEqual((put["op"], put["collection"], put["key"], put["value"], put["more"]),
                         ("put", self.collection, "a", {"n": 1}, True))
        self.assertNotIn("more", second)
        self.assertEqual((gone["op"], gone["key"]), ("delete", "a"))
        self.assertEqual(page["position"], gone["position"])

    def test_more_is_of_the_changes_that_pass_the_filter(self):
        self.batch((self.collection, "a1", 1), (self.other, "a2", 1), (self.collection, "b", 1),
                   (self.other, "c", 1))
        self.assertEqual(self.keys(), [("a1", True), ("a2", True), ("b", True), ("c", None)])
        self.assertEqual(self.keys(collection=self.collection), [("a1", True), ("b", None)])
        self.assertEqual(self.keys(collection=[self.collection, self.other], prefix="a"),
                         [("a1", True), ("a2", None)])
        self.assertEqual(self.keys(collection=self.other, prefix="a"), [("a2", None)])
        self.assertEqual(self.keys(prefix="b"), [("b", None)])
        page = self.page(values="false")
        self.assertEqual({"value" in change for change in page["changes"]}, {False})
        # Whatever passes, the page ends where the log does.
        for filtered in ({"prefix": "b"}, {"collection": "nothing-here"}, {"prefix": "zzz"}):
            self.assertEqual(self.page(**filtered)["position"], self.running.settled())

    def test_a_page_ends_at_the_first_end_of_a_commit_at_or_after_its_limit(self):
        self.batch(*[(self.collection, f"k{i}", i) for i in range(5)])
        self.batch((self.collection, "last", 1))
        for limit in (1, 4, 5):
            page = self.page(limit=limit)
            self.assertEqual((len(page["changes"]), page["position"]), (5, self.at(5)))
        self.assertEqual(len(self.page(limit=6)["changes"]), 6)
        self.assertEqual([c["key"] for c in self.page(since=page["position"])["changes"]], ["last"])

    def test_a_since_inside_a_commit_gives_the_rest_of_it(self):
        self.batch(*[(self.collection, f"k{i}", i) for i in range(3)])
        page = self.page(since=self.at(1))
        self.assertEqual([(c["key"], c.get("more")) for c in page["changes"]],
                         [("k1", True), ("k2", None)])

    def test_now_is_the_default_and_start_is_before_the_first_change(self):
        self.batch((self.collection, "a", 1))
        for query in ("", "?since=now"):
            self.assertEqual(self.ask("GET", f"/v1/changes{query}").json(),
                             {"changes": [], "position": self.running.settled()})
        first = self.ask("GET", "/v1/changes?since=start&limit=1").json()["changes"][0]
        self.assertEqual(sequence(first["position"]), 1)
        mine = self.page(since="start", collection=self.collection)
        self.assertEqual([c["key"] for c in mine["changes"]], ["a"])

    def test_a_long_poll_ends_with_the_first_change_that_passes(self):
        answers = []
        asking = threading.Thread(target=lambda: answers.append(
            self.page(wait="60s", collection=self.collection)))
        asking.start()
        until(lambda: self.running.status()["subscribers"] and not answers)
        self.batch((self.other, "not this", 1))
        at = self.batch((self.collection, "this", 1))
        asking.join()
        self.assertEqual([c["key"] for c in answers[0]["changes"]], ["this"])
        self.assertEqual(answers[0]["position"], at)
        quiet = self.page(since=at, wait="10ms")
        self.assertEqual(quiet, {"changes": [], "position": at})
        # The time of `wait` is not counted to the request's deadline.
        started = time.monotonic()
        self.page(since=at, wait="300ms", timeout="100ms")
        self.assertGreaterEqual(time.monotonic() - started, 0.3)

    def test_what_is_no_page(self):
        for query in ("limit=0", "limit=1001", "limit=x", "wait=61s", "wait=x", "wait=-1",
                      "values=maybe", "whatever=1", "since=now&since=now", "access_token=x"):
            self.check_problem(self.ask("GET", f"/v1/changes?{query}"), 400, "invalid_parameter")
        self.check_problem(self.ask("GET", "/v1/changes?collection=A"), 400, "invalid_collection")
        for since in ("nonsense", "1", "abcdefgh", "abcdefgh:", "abcdefgh:x", "abcdefgh:-1",
                      "abcdefgh:01", "ABCDEFGH:1", "abc:1", "abcdefgh:99999999999999999999"):
            self.check_problem(self.ask("GET", f"/v1/changes?since={since}"), 400,
                               "invalid_position")

    def test_a_position_of_another_epoch_or_beyond_the_end_is_lost_history(self):
        for since in ("abcdefgh:1", self.at(1000), self.at(1 << 60)):
            self.check_problem(self.ask("GET", f"/v1/changes?since={since}"), 410, "history_lost",
                               oldest=self.running.status()["oldest"])


class Events(Changes):
    def stream(self, query="", **headers):
        stream = EventStream(self.running.port, f"/v1/changes{query}", **headers)
        self.addCleanup(stream.socket.close)
        self.assertEqual(stream.status, 200)
        self.assertEqual(stream.headers["Content-Type"], "text/event-stream")
        return stream

    def check_position(self, event, position):
        self.assertEqual(event, {"event": "position", "id": position,
                                 "data": {"position": position}})

    def test_a_stream_opens_with_its_position_and_only_ends_of_commits_have_an_id(self):
        stream = self.stream(f"?collection={self.collection}&prefix=a")
        self.assertEqual(stream.headers["Keelson-Position"], self.begin)
        self.check_position(stream.event(), self.begin)
        self.batch((self.collection, "a1", 1), (self.other, "a2", 1), (self.collection, "a3", 1),
                   (self.collection, "b", 1))
        first, second = stream.event(), stream.event()
        self.assertEqual(set(first), {"data"})
        self.assertEqual((first["data"]["key"], first["data"]["more"]), ("a1", True))
        self.assertEqual(set(second), {"data", "id"})
        self.assertEqual((second["data"]["key"], second["data"].get("more")), ("a3", None))
        # The commit's position is that of its last change, also when that does not pass.
        self.assertEqual(second["id"], self.at(4))
        self.assertEqual(set(second["data"]), {"position", "op", "collection", "key", "version",
                                               "time", "value"})
        last = self.batch((self.collection, "a4", None), (self.collection, "a5", 1))
        event = stream.event()
        self.assertEqual((event["data"]["key"], event["id"]), ("a5", last))

    def test_the_last_event_id_beats_since(self):
        for key in "abc":
            self.batch((self.collection, key, 1))
        stream = self.stream("?since=start", Last_Event_ID=self.at(2))
        self.check_position(stream.event(), self.at(2))
        self.assertEqual(stream.event()["data"]["key"], "c")
        stream = self.stream(f"?since={self.at(1)}&values=false")
        self.check_position(stream.event(), self.at(1))
        self.assertEqual([stream.event()["data"]["key"] for _ in range(2)], ["b", "c"])
        # Without that Accept a page pays no heed to the header.
        page = self.ask("GET", f"/v1/changes?since={self.at(1)}", Last_Event_ID=self.at(2)).json()
        self.assertEqual([c["key"] for c in page["changes"]], ["b", "c"])

    def test_a_quiet_stream_tells_its_position(self):
        stream = self.stream()
        self.check_position(stream.event(), self.begin)
        self.check_position(stream.event(), self.begin)

    def test_lost_history_is_an_event_that_a_browser_can_read(self):
        for query, headers in (("?since=abcdefgh:1", {}), (f"?since={self.at(1000)}", {}),
                               ("", {"Last_Event_ID": "abcdefgh:1"})):
            stream = self.stream(query, **headers)
            self.assertEqual(stream.event(), {
                "retry": "60000", "event": "closed",
                "data": {"code": "history_lost", "oldest": self.running.status()["oldest"]}})
            self.assertIsNone(stream.event())

    def test_what_is_no_stream(self):
        for query in ("?since=nonsense", "?collection=A", "?limit=1", "?wait=1s", "?values=2"):
            answer = self.ask("GET", f"/v1/changes{query}", Accept="text/event-stream")
            self.assertEqual((answer.status, answer.headers["Content-Type"]),
                             (400, "application/problem+json"))
        answer = self.ask("GET", "/v1/changes", Accept="text/event-stream", Last_Event_ID="x")
        self.check_problem(answer, 400, "invalid_position")


class Trimmed(ServiceTest):
    """A log that does not reach back to its start."""

    def test_start_is_lost_and_oldest_is_the_smallest_that_since_takes(self):
        service = self.service("--retention-age", "0s", "--retention-changes", "10")
        end = service.put("c", "a", 0).json()["position"]
        epoch = end.split(":")[0]
        for number in range(50):
            end = service.put("c", "a", number).json()["position"]
        until(lambda: service.status()["oldest"] == f"{epoch}:{sequence(end) - 10}",
              what="the trimming")
        oldest = service.status()["oldest"]
        check_problem(self, service.request("GET", "/v1/changes?since=start"), 410, "history_lost",
                      oldest=oldest)
        before = f"{epoch}:{sequence(oldest) - 1}"
        check_problem(self, service.request("GET", f"/v1/changes?since={before}"), 410,
                      "history_lost", oldest=oldest)
        page = service.request("GET", f"/v1/changes?since={oldest}").json()
        self.assertEqual(len(page["changes"]), 10)
        with EventStream(service.port, "/v1/changes?since=start") as stream:
            self.assertEqual(stream.event()["data"], {"code": "history_lost", "oldest": oldest})
