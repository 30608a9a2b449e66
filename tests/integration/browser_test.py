"""Pages in a real browser: the clients of docs/api.md miss no change over a network that goes and
comes back (G5, G6), and a page of another origin, or of a rebound name, can do nothing."""

import json
import random
import threading
import unittest
import urllib.parse

from tests.support import guide
from tests.support.browser import Browser, Pages
from tests.support.gate import Gate
from tests.support.harness import ServiceTest, until

# Keeps what the clients hand on where a test can ask for it.
KEEPER = """<!doctype html><meta charset="utf-8"><body><script type="module">
import { follow } from "/follow.mjs";
import { followEvents } from "/events.mjs";

const seen = { begins: 0, live: 0, refused: [], commits: [], documents: new Map(), streams: [] };
window.EventSource = class extends EventSource {
  constructor(url) { super(url); seen.streams.push(this); }
};
const moved = () => (document.body.dataset.moved = 1 + Number(document.body.dataset.moved ?? 0));
const keep = (each) => {
  if (each.version <= seen.documents.get(each.key)?.version) return;
  if (each.op === "delete") seen.documents.delete(each.key);
  else seen.documents.set(each.key, { version: each.version, value: each.value });
};
const on = {
  begin() { seen.begins++; seen.documents.clear(); moved(); },
  documents(list) { list.forEach(keep); moved(); },
  commit(changes) { seen.commits.push(changes); changes.forEach(keep); moved(); },
  live() { seen.live++; moved(); },
  refused(error) { seen.refused.push(error.code); moved(); },
};
Object.assign(window, { follow, followEvents, on, seen });
</script>"""

OPEN, CLOSED = 1, 2

EMPTY = "<!doctype html><body>"

# Whatever a page can try; each tells what came of it.
ATTEMPTS = """window.attempts = (() => {
  const api = "%s", cities = `${api}/v1/kv/cities`, document_a = `${cities}/a`;
  const tried = async (url, options) => {
    try {
      const answer = await fetch(url, options);
      return answer.type === "opaque" ? "opaque" + (await answer.text()) : answer.status;
    } catch { return "refused"; }
  };
  const opened = (stream) => new Promise((resolve) => {
    const end = (how) => { resolve(how); stream.close(); };
    stream.onopen = () => end("open");
    stream.onerror = () => end("refused");
  });
  const json = { "Content-Type": "application/json" }, text = { "Content-Type": "text/plain" };
  return {
    get: () => tried(document_a),
    unseen_get: () => tried(document_a, { mode: "no-cors" }),
    put: () => tried(document_a, { method: "PUT", body: "2", headers: json }),
    plain_post: () => tried(cities, { method: "POST", body: "3", headers: text }),
    unseen_post: () => tried(cities, { method: "POST", mode: "no-cors",
                                        body: new URLSearchParams({ four: 4 }) }),
    remove: () => tried(document_a, { method: "DELETE" }),
    beacon: () => navigator.sendBeacon(cities, "5"),
    form: () => {
      document.body.insertAdjacentHTML("beforeend", `<iframe name="answer"></iframe>
        <form method="post" enctype="text/plain" action="${cities}" target="answer">
        <input name='{"six":"' value='"}'></form>`);
      document.forms[0].submit();
    },
    // A page of no origin at all.
    sandboxed: () => new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.sandbox = "allow-scripts";
      frame.srcdoc = `<script>fetch("${cities}", { method: "POST", mode: "no-cors", body: "7" })
        .then(({ type }) => parent.postMessage(type, "*"))</` + "script>";
      addEventListener("message", ({ data }) => resolve(data), { once: true });
      document.body.append(frame);
    }),
    socket: () => opened(new WebSocket(api.replace("http", "ws") + "/v1/changes")),
    events: () => opened(new EventSource(`${api}/v1/changes`)),
  };
})(), Object.keys(attempts)"""


class Writer:
    """Writes at random, and knows from the receipts alone which commits `cities` has."""

    def __init__(self, service, seed):
        self.service = service
        self.draw = random.Random(seed)
        self.commits = []  # [[version, op, key, value or None], ...] for each
        self.stopped = threading.Event()

    def put(self, key, value):
        receipt = self.service.put("cities", key, value).json()
        self.commits.append([[receipt["version"], "put", key, value]])

    def batch(self, operations):
        answer = self.service.request("POST", "/v1/batch", {"operations": [
            {"op": "put", "collection": where, "key": key, "value": value}
            for where, key, value in operations]})
        assert answer.status == 200, answer
        commit = [[result["version"], "put", key, value] for (where, key, value), result
                  in zip(operations, answer.json()["results"]) if where == "cities"]
        self.commits += [commit] if commit else []

    def step(self):
        key, what = f"c{self.draw.randrange(40)}", self.draw.random()
        if what < 0.6:
            self.put(key, {"n": self.draw.random(), "text": "ü\u2028\U0001f30d"})
        elif what < 0.8:
            self.batch([(self.draw.choice(("cities", "notes")), f"c{self.draw.randrange(40)}", i)
                        for i in range(self.draw.randrange(1, 7))])
        else:
            answer = self.service.request("DELETE", f"/v1/kv/cities/{key}")
            if answer.status == 200:
                self.commits.append([[answer.json()["version"], "delete", key, None]])

    def run(self):
        while not self.stopped.is_set():
            self.step()

    def more(self, count):
        """Waits until so many commits more are written."""
        enough = len(self.commits) + count
        until(lambda: len(self.commits) >= enough, 60, f"{count} commits")

    def __enter__(self):
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()


def setUpModule():
    BrowserTest.browser = Browser()
    unittest.addModuleCleanup(BrowserTest.browser.close)


class BrowserTest(ServiceTest):
    def setUp(self):
        super().setUp()
        self.pages = Pages({f"/{name}": guide.example(name) for name in guide.MODULES})
        self.addCleanup(self.pages.close)
        self.origin = f"http://app.example:{self.pages.port}"
        self.running = self.service("--http-origins", self.origin)
        self.gate = Gate(self.running.port)
        self.addCleanup(self.gate.close)
        self.api = f"http://127.0.0.1:{self.gate.port}"
        self.socket = f"ws://127.0.0.1:{self.gate.port}/v1/changes"

    def page(self, text, origin=None):
        self.pages.pages["/"] = text
        page = self.browser.page((origin or self.origin) + "/")
        self.addCleanup(page.close)
        return page

    def documents(self):
        """{key: value} of `cities`, as the service has it."""
        found, after = {}, ""
        while True:
            page = self.running.request("GET", f"/v1/kv/cities?limit=1000{after}").json()
            found |= {item["key"]: item["value"] for item in page["items"]}
            if "next" not in page:
                return found
            after = f"&after={urllib.parse.quote(page['next'])}"


class Following(BrowserTest):
    def check_commits(self, page, writer):
        """The page was told of every commit once, in order and whole."""
        writer.put("end", "end")
        page.until("seen.documents.has('end')")
        commits = page.value("seen.commits")
        told = [[[change["version"], change["op"], change["key"], change.get("value")]
                 for change in commit] for commit in commits]
        self.assertEqual(told, writer.commits)
        self.assertGreater(max(map(len, told)), 1)
        for commit in commits:
            self.assertEqual([change.get("more", False) for change in commit],
                             [True] * (len(commit) - 1) + [False])
        held = page.value("Object.fromEntries([...seen.documents].map(([k, d]) => [k, d.value]))")
        self.assertEqual(held, self.documents())

    def lose_a_commit_half_way(self, page, writer):
        """One of many frames, whose first ones come and whose last ones do not."""
        self.gate.cut_after(400_000)
        writer.batch([("cities", f"big{i}", random.Random(i).randbytes(600).hex())
                      for i in range(900)])
        self.assertTrue(self.gate.is_cut.wait(60))
        self.assertFalse(page.value("seen.documents.has('big0')"))
        self.gate.open()
        page.until("seen.documents.has('big899')")

    def test_a_websocket_page_gets_every_change_once_over_a_network_that_comes_and_goes(self):
        page = self.page(KEEPER)
        page.value(f"""void follow("{self.socket}",
          {{ collection: "cities", since: "now", silence: 8000 }}, on)""")
        page.until("seen.live === 1")
        with Writer(self.running, 1) as writer:
            for _ in range(3):
                writer.more(20)
                told = page.value("seen.commits.length")
                self.gate.cut()
                writer.more(20)
                self.gate.open()
                page.until(f"seen.commits.length >= {told} + 20")
            self.gate.stall()
            accepted = self.gate.accepted
            until(lambda: self.gate.accepted > accepted, 60, "a page that gives up a dead socket")
            told = page.value("seen.commits.length")
            self.gate.open()
            page.until(f"seen.commits.length > {told}")
        self.lose_a_commit_half_way(page, writer)
        self.check_commits(page, writer)
        self.assertEqual(page.value("[seen.begins, seen.refused]"), [0, []])

    def test_an_eventsource_page_gets_every_change_once_by_itself(self):
        page = self.page(KEEPER)
        page.value(f"""void followEvents("{self.api}", "cities", on)""")
        until(lambda: self.running.metric("keelson_subscribers") == 1, what="the subscriber")
        with Writer(self.running, 2) as writer:
            writer.more(20)
            told = page.value("seen.commits.length")
            self.gate.cut()
            writer.more(20)
            self.gate.open()
            page.until(f"seen.commits.length >= {told} + 20")
            self.gate.stall()
            writer.more(20)
            told = page.value("seen.commits.length")
            self.gate.open()
            page.until(f"seen.commits.length >= {told} + 20")
        self.lose_a_commit_half_way(page, writer)
        self.check_commits(page, writer)
        self.assertEqual(page.value("seen.begins"), 1)

    def lose_history(self, page):
        self.running.put("cities", "before", 1)
        page.until("seen.documents.has('before')")
        self.gate.cut()
        self.assertEqual(self.running.stop(), 0)
        self.running.start("--new-epoch")
        until(lambda: self.running.request("GET", "/readyz").status == 200, what="readiness")
        for key in ("meanwhile", "too"):
            self.running.put("cities", key, 2)
        self.gate.open()
        page.until("seen.documents.has('meanwhile')")
        self.running.put("cities", "after", 3)
        page.until("seen.documents.has('after')")
        self.assertEqual(page.value("[...seen.documents.keys()].sort()"), sorted(self.documents()))

    def test_a_websocket_page_begins_anew_once_when_history_is_lost(self):
        page = self.page(KEEPER)
        page.value(f"""void follow("{self.socket}",
          {{ collection: "cities", since: "now" }}, on)""")
        page.until("seen.live === 1")
        self.lose_history(page)
        self.assertEqual(page.value("[seen.begins, seen.live, seen.refused]"), [1, 2, []])

    def test_an_eventsource_page_begins_anew_once_when_history_is_lost(self):
        page = self.page(KEEPER)
        page.value(f"""void followEvents("{self.api}", "cities", on)""")
        until(lambda: self.running.metric("keelson_subscribers") == 1, what="the subscriber")
        self.lose_history(page)
        self.assertEqual(page.value("seen.begins"), 2)
        self.assertEqual(page.value("seen.streams.map((each) => each.readyState)"),
                         [CLOSED, OPEN])
        ended = self.running.metric("keelson_http_requests_total", status="200",
                                    route="GET /v1/changes")
        self.assertEqual((ended, self.running.metric("keelson_subscribers")), (1, 1))

    def test_a_subscription_that_cannot_be_is_over(self):
        page = self.page(KEEPER)
        page.value(f"""void follow("{self.socket}", {{ collection: "No!", since: "now" }}, on)""")
        page.until("seen.refused.length")
        self.assertEqual(page.value("seen.refused"), ["invalid_collection"])
        until(lambda: self.gate.open_connections() == 0, what="the connection's end")

    def test_the_page_of_the_guide_shows_exactly_what_the_service_has(self):
        text, = (text for kind, text in guide.blocks() if kind == "html")
        for first in range(0, 3000, 1000):
            self.running.request("POST", "/v1/batch", {"operations": [
                {"op": "put", "collection": "cities", "key": f"k{i}", "value": "v" * 300}
                for i in range(first, first + 1000)]})
        self.gate.cut_after(300_000)
        with Writer(self.running, 3) as writer:
            page = self.page(text.replace("127.0.0.1:8470", f"127.0.0.1:{self.gate.port}"))
            self.assertTrue(self.gate.is_cut.wait(60))
            writer.more(20)
            self.gate.open()
            page.until("document.querySelector('pre').textContent")
            writer.more(20)
        writer.put("~end", 1)
        page.until("document.querySelector('pre').textContent.includes('~end')")
        shown = dict(json.loads(page.value("document.querySelector('pre').textContent")))
        self.assertEqual(shown, self.documents())
        self.assertGreater(len(shown), 3000)


class Origins(BrowserTest):
    def setUp(self):
        super().setUp()
        self.running.put("cities", "a", 1)
        self.before = self.running.status()["position"]

    def attempts(self, page, url):
        return {name: page.value(f"attempts.{name}()") for name in page.value(ATTEMPTS % url)}

    def answered(self, status):
        return self.running.metric("keelson_http_requests_total", status=status)

    def check_unchanged(self):
        self.assertEqual(self.running.status()["position"], self.before)
        self.assertEqual(self.documents(), {"a": 1})

    def test_a_page_of_another_origin_neither_reads_nor_writes_nor_subscribes(self):
        page = self.page(EMPTY, f"http://evil.example:{self.pages.port}")
        self.assertEqual(self.attempts(page, self.running.url), {
            "get": "refused", "unseen_get": "opaque", "put": "refused", "plain_post": "refused",
            "unseen_post": "opaque", "remove": "refused", "beacon": True, "form": None,
            "sandboxed": "opaque", "socket": "refused", "events": "refused"})
        # All but the read whose answer the page cannot look into: that has no Origin header.
        until(lambda: self.answered("403") == 10, what="ten refusals by the service")
        self.check_unchanged()

    def test_an_allowed_page_reads_writes_and_subscribes_but_not_by_forms(self):
        page = self.page(EMPTY)
        self.assertEqual(self.attempts(page, self.running.url), {
            "get": 200, "unseen_get": "opaque", "put": 200, "plain_post": 415,
            "unseen_post": "opaque", "remove": 200, "beacon": True, "form": None,
            "sandboxed": "opaque", "socket": "open", "events": "open"})
        until(lambda: self.answered("415") == 4, what="four refusals of the service")
        self.assertEqual(self.answered("403"), 1)  # of no origin
        self.assertEqual(self.documents(), {})

    def test_a_rebound_name_is_refused(self):
        url = f"http://localhost:{self.running.port}"
        page = self.browser.page(f"{url}/v1/kv/cities/a")
        self.addCleanup(page.close)
        self.assertEqual(page.value("document.body.innerText"), "1")

        url = f"http://rebind.example:{self.running.port}"
        page.open(f"{url}/v1/kv/cities/a")
        self.assertIn("http.hosts", page.value("document.body.innerText"))
        self.assertEqual(self.attempts(page, url), {
            "get": 403, "unseen_get": 403, "put": 403, "plain_post": 403, "unseen_post": 403,
            "remove": 403, "beacon": True, "form": None, "sandboxed": "opaque",
            "socket": "refused", "events": "refused"})
        self.check_unchanged()
