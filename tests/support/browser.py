"""Chromium without a window, driven by the DevTools protocol over a pipe, and pages for it."""

import contextlib
import http.server
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import threading
import time

SECONDS = 120  # for whatever a page has to do; a failure, never a measurement


class Browser:
    """One process with a profile of its own; every name below `.example` is this machine."""

    def __init__(self):
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="keelson-browser-"))
        self._log = open(self._folder / "log", "wb")
        command = ["chromium", "--headless", "--remote-debugging-pipe", "--disable-gpu",
                   "--disable-extensions", "--disable-component-update", "--no-first-run",
                   f"--user-data-dir={self._folder / 'profile'}",
                   "--host-resolver-rules=MAP *.example 127.0.0.1"]
        if os.geteuid() == 0:
            command.append("--no-sandbox")  # there is none for root
        # It reads the protocol from descriptor 3 and writes it to 4.
        self._process = subprocess.Popen(
            ["sh", "-c", 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null', "sh", *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, bufsize=0)
        self._bytes = b""
        self._calls = 0
        self._events = []

    def close(self):
        """Ends it; the children end with their parent."""
        try:
            self.call("Browser.close")
            self._process.wait(20)
        except (AssertionError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        for each in (self._process.stdin, self._process.stdout, self._log):
            with contextlib.suppress(OSError):
                each.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def page(self, url):
        """A new page in a context of its own (no cookies or caches of others), loaded."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)
        session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        made = Page(self, context, session["sessionId"])
        made.open(url)
        return made

    def call(self, method, session=None, **parameters):
        self._calls += 1
        message = {"id": self._calls, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self._process.stdin.write(json.dumps(message).encode() + b"\0")
        answer = self._until(lambda got: got.get("id") == message["id"], method)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        return answer["result"]

    def event(self, session, matches, what):
        """Waits for an event of this session that came, or comes, since the last call of this."""
        def wanted(got):
            return got.get("sessionId") == session and "method" in got and matches(got)

        found = next((got for got in self._events if wanted(got)), None)
        self._events.clear()
        return found or self._until(wanted, what)

    def _until(self, wanted, what):
        deadline = time.monotonic() + SECONDS
        while True:
            message, end, rest = self._bytes.partition(b"\0")
            if end:
                self._bytes = rest
                got = json.loads(message)
                if wanted(got):
                    return got
                if "method" in got:
                    self._events.append(got)
                continue
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._process.stdout], [], [], left)[0]:
                raise AssertionError(f"{what}: no answer within {SECONDS} s\n{self._last_words()}")
            piece = self._process.stdout.read(1 << 16)
            if not piece:
                raise AssertionError(f"{what}: the browser has ended\n{self._last_words()}")
            self._bytes += piece

    def _last_words(self):
        return (self._folder / "log").read_text(errors="replace")[-2000:]


class Page:
    def __init__(self, browser, context, session):
        self._browser, self._context, self._session = browser, context, session
        self._call("Page.enable")
        self._call("Page.setLifecycleEventsEnabled", enabled=True)

    def open(self, url):
        loader = self._call("Page.navigate", url=url)["loaderId"]
        self._browser.event(self._session, lambda got: got["method"] == "Page.lifecycleEvent" and
                            got["params"]["loaderId"] == loader and
                            got["params"]["name"] == "load", f"{url} loaded")

    def value(self, expression):
        """What an expression, or the promise that it is, becomes; JSON."""
        got = self._call("Runtime.evaluate", expression=expression, awaitPromise=True,
                         returnByValue=True)
        if "exceptionDetails" in got:
            raise AssertionError(f"{expression}: {got['exceptionDetails']}")
        return got["result"].get("value")

    def until(self, condition):
        """Waits until an expression is true. It is looked at when the document changes."""
        self.value("""new Promise((resolve) => {
          const look = () => (%s) && (observer.disconnect(), resolve());
          const observer = new MutationObserver(look);
          observer.observe(document, {subtree: true, childList: true, characterData: true,
                                      attributes: true});
          look();
        })""" % condition)

    def close(self):
        self._browser.call("Target.disposeBrowserContext", browserContextId=self._context)

    def _call(self, method, **parameters):
        return self._browser.call(method, self._session, **parameters)


class Pages:
    """A web server with the pages of a test: {path: text}, modules where the name ends in .mjs."""

    def __init__(self, pages):
        self.pages = pages
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                text = outer.pages.get(self.path.partition("?")[0])
                kind = "text/javascript" if ".mjs" in self.path else "text/html"
                self.send_response(404 if text is None else 200)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len((text or "").encode())))
                self.end_headers()
                self.wfile.write((text or "").encode())

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
