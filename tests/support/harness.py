"""Runs the real keelson for the tests of the whole process: a folder of its own, a free port,
real clients. Everything that is started is ended, by its process id."""

import asyncio
import contextlib
import gzip
import http.client
import itertools
import json
import os
import pathlib
import random
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(os.environ.get("KEELSON_BINARY", ROOT / "build" / "release" / "keelson"))
FULL = os.environ.get("KEELSON_FULL") == "1"
CITIES = 135_233


def until(condition, seconds=30, what="the condition"):
    """Waits for a condition of the outside world that sends no signal; fails when it never holds."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {seconds} s")
        select.select([], [], [], 0.02)


class Answer:
    def __init__(self, status, headers, body, reason=""):
        self.status, self.headers, self.body, self.reason = status, headers, body, reason

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


class Service:
    """One keelson process on one data folder. May be stopped, killed and started again; the port
    stays, so that clients can come back."""

    def __init__(self, folder, *flags):
        self.folder = pathlib.Path(folder)
        self.flags = list(flags)
        self.environment = {}
        self.prefix = []        # words of a command that runs another one in its place
        self.process = None
        self.port = 0
        self.log_path = self.folder.parent / (self.folder.name + ".log")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self, *extra, wait=True):
        before = self.log_path.stat().st_size if self.log_path.exists() else 0
        log = open(self.log_path, "ab")
        listen = f"127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [*self.prefix, BINARY, "serve", "--listen", listen, "--data", self.folder, *self.flags, *extra],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            env=os.environ | self.environment)
        log.close()
        if wait:
            self._wait_until_listening(before)
        return self

    def _wait_until_listening(self, offset):
        def port():
            if self.process.poll() is not None:
                raise AssertionError(f"keelson ended with {self.process.returncode}:\n{self.log()}")
            with open(self.log_path, "rb") as log:
                log.seek(offset)
                for line in log.read().decode().splitlines():
                    if "event=listening" in line and "port=" in line:
                        return int(line.split("port=")[1].split()[0])
            return None

        self.port = until(port, what="keelson listening")

    def log(self):
        return self.log_path.read_text() if self.log_path.exists() else ""

    def memory(self):
        """Resident bytes of the process."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, seconds=10):
        """SIGTERM; the exit status. A process that does not end in time is a failure."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=seconds)

    def end(self):
        if self.process and self.process.poll() is None:
            self.kill()

    def request(self, method, path, body=None, headers=None, timeout=30):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            if isinstance(body, (dict, list)):
                body = json.dumps(body)
            if isinstance(body, str):
                body = body.encode()
            sent = {"Content-Type": "application/json"} if body is not None else {}
            sent.update(headers or {})
            connection.request(method, path, body, sent)
            got = connection.getresponse()
            return Answer(got.status, got.headers, got.read(), got.reason)
        finally:
            connection.close()

    def put(self, collection, key, value, **headers):
        return self.request("PUT", f"/v1/kv/{collection}/{urllib.parse.quote(key, safe='')}",
                            json.dumps(value), headers)

    def get(self, collection, key, query=""):
        return self.request("GET", f"/v1/kv/{collection}/{urllib.parse.quote(key, safe='')}{query}")

    def status(self):
        return self.request("GET", "/v1/status").json()

    def secondary(self, name="kv"):
        return next(s for s in self.status()["secondaries"] if s["name"] == name)

    def metric(self, name, **labels):
        """The sum of a metric's samples whose labels contain the given ones."""
        total, seen = 0.0, False
        for line in self.request("GET", "/metrics").body.decode().splitlines():
            head, _, value = line.rpartition(" ")
            plain = head.split("{")[0]
            if plain == name and all(f'{k}="{v}"' in head for k, v in labels.items()):
                total, seen = total + float(value), True
        assert seen, f"no metric {name} {labels}"
        return total

    def position(self):
        """Where the log ends. Status and feed hear of a commit a moment after its client."""
        return self.request("GET", "/v1/collections").headers["Keelson-Position"]

    def settled(self):
        """The same, once status and feed have got there, while nobody writes."""
        at = self.position()
        until(lambda: self.status()["position"] == at
              and self.request("GET", "/v1/changes").json()["position"] == at, what=at)
        return at

    def caught_up(self, name="kv", seconds=60):
        until(lambda: self.secondary(name)["applied_position"] == self.position(), seconds,
              f"{name} caught up ({self.secondary(name)})")

    def verify(self, **body):
        """A full comparison; its last report."""
        started = self.request("POST", "/v1/verify", body)
        assert started.status == 202, started
        path = f"/v1/verify/{started.json()['id']}"

        def done():
            report = self.request("GET", path).json()
            return report if report["state"] != "running" else None

        return until(done, 120, "the comparison's end")

    def run(self, *arguments, check=True, **options):
        """A client command against this service."""
        done = subprocess.run([BINARY, *arguments, "--url", self.url], capture_output=True,
                              text=True, timeout=300, **options)
        if check and done.returncode != 0:
            raise AssertionError(f"{arguments} ended with {done.returncode}: {done.stderr}")
        return done


class ServiceTest(unittest.TestCase):
    """A test with a folder of its own and services that end with it."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="keelson-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def service(self, *flags, name="data", start=True):
        made = Service(self.folder / name, *flags)
        self.addCleanup(made.end)
        return made.start() if start else made


class SharedServiceTest(unittest.TestCase):
    """Tests of one class against one service with `FLAGS`; each has a collection of its own."""

    FLAGS = ()

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="keelson-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.running = Service(cls.folder / "data", *cls.FLAGS)
        cls.addClassCleanup(cls.running.end)
        cls.running.start()
        cls.numbers = itertools.count()

    def setUp(self):
        self.collection = f"c{next(self.numbers)}"
        self.path = f"/v1/kv/{self.collection}"

    def ask(self, method, path, body=None, **headers):
        """A request to the service; `_` in the name of a header stands for `-`."""
        return self.running.request(method, path, body,
                                    {k.replace("_", "-"): v for k, v in headers.items()})

    def check_problem(self, answer, status, code, **members):
        check_problem(self, answer, status, code, **members)


def check_problem(test, answer, status, code, **members):
    """That an answer is the problem document (RFC 9457) of `code`, with exactly these members
    beyond the five that all have."""
    test.assertEqual(answer.headers["Content-Type"], "application/problem+json", answer)
    said = answer.json()
    test.assertEqual((answer.status, said.get("status"), said.get("code")), (status, status, code),
                     said)
    test.assertEqual(said["type"], "about:blank")
    test.assertEqual(said["title"], answer.reason)
    test.assertGreater(len(said["detail"]), 10)
    test.assertEqual({name: value for name, value in said.items() if name not in
                      ("type", "title", "status", "detail", "code")}, members)
    test.assertEqual("Retry-After" in answer.headers, status == 503)


def cities_file(folder, count=CITIES):
    """The GeoNames cities as NDJSON where they lie beside the checkout or KEELSON_CITIES names
    them; else documents of the same shape. Returns the path of a gzip file with `count` lines."""
    named = os.environ.get("KEELSON_CITIES")
    real = pathlib.Path(named) if named else ROOT.parent / "shared" / "data" / "cities.ndjson.gz"
    if real.exists() and count == CITIES:
        return real
    path = pathlib.Path(folder) / f"cities-{count}.ndjson.gz"
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
        if real.exists():
            with gzip.open(real, "rt", encoding="utf-8") as source:
                for _, line in zip(range(count), source):
                    out.write(line)
        else:
            draw = random.Random(1)
            for i in range(count):
                city = {"id": str(1_000_000 + i), "name": f"Stadt \u00fc{i}", "country": "XX",
                        "feature": "PPL", "admin": "%02d" % draw.randrange(90),
                        "population": draw.randrange(1000, 9_000_000),
                        "lon": round(draw.uniform(-180, 180), 5),
                        "lat": round(draw.uniform(-90, 90), 5)}
                out.write(json.dumps(city, ensure_ascii=False) + "\n")
    return path


def read_cities(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return {city["id"]: city for city in map(json.loads, lines)}


class Subscriber:
    """A WebSocket client that keeps what it was told, checks the order and resumes after a cut."""

    def __init__(self, service, collection="cities", since="now", values=False):
        self.service, self.collection, self.values = service, collection, values
        self.since = since
        self.changes = []       # of whole commits, in order
        self.held = []          # of a commit whose end has not come
        self.position = None    # to resume from
        self.closed = None
        self.subscribed = asyncio.Event()
        self.moved = asyncio.Event()
        self.connections = 0
        self.done = False       # a cancelled handshake may swallow the cancellation

    async def run(self):
        import websockets
        while not self.done:
            url = f"ws://127.0.0.1:{self.service.port}/v1/changes"
            try:
                async with websockets.connect(url, compression=None, max_size=None,
                                              open_timeout=20, ping_interval=None) as socket:
                    self.connections += 1
                    self.held = []
                    await socket.send(json.dumps({
                        "type": "subscribe", "id": "a", "collection": self.collection,
                        "since": self.position or self.since, "values": self.values}))
                    async for frame in socket:
                        self.take(json.loads(frame))
            except (OSError, websockets.WebSocketException, asyncio.TimeoutError):
                pass
            if self.closed and self.closed["code"] != "going_away":
                return
            await asyncio.sleep(0.05)

    def take(self, frame):
        kind = frame["type"]
        if kind == "changes":
            for change in frame["changes"]:
                self.held.append(change)
                if not change.get("more"):
                    self.changes += self.held
                    self.held = []
        if kind == "error":
            raise AssertionError(frame)
        if kind == "closed":
            self.closed = frame
        if frame.get("position"):
            self.position = frame["position"]
        if kind == "subscribed":
            self.subscribed.set()
        self.moved.set()

    async def until(self, condition, seconds=60):
        async with asyncio.timeout(seconds):
            while not condition(self):
                self.moved.clear()
                await self.moved.wait()

    def sequences(self):
        return [int(change["position"].split(":")[1]) for change in self.changes]


@contextlib.asynccontextmanager
async def subscribed(*subscribers):
    tasks = [asyncio.create_task(one.run()) for one in subscribers]
    try:
        for one in subscribers:
            await asyncio.wait_for(one.subscribed.wait(), 30)
        yield
    finally:
        for one in subscribers:
            one.done = True
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
