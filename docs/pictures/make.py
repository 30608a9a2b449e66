#!/usr/bin/env python3
"""Makes the pictures of the README anew, each from a run of the real commands against a service of
its own: what stands behind a `$` was run, and what stands below it was said.

    docs/pictures/make.py
"""
import html
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
sys.path.insert(0, str(ROOT))
from tests.support.harness import BINARY, Service, until  # noqa: E402

CHARACTER, LINE, FONT, EDGE = 7.8, 17, 13, 14  # pixels; a monospaced character is 0.6 of its font

STYLE = """
text { font: %dpx ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #24292f;
  white-space: pre }
.pane { fill: #f6f8fa; stroke: #d0d7de } .bar { fill: #d0d7de } .title { fill: #57606a }
.prompt { fill: #1a7f37; font-weight: bold } .bad { fill: #cf222e; font-weight: bold }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .pane { fill: #161b22; stroke: #30363d } .bar { fill: #30363d }
  .title { fill: #8b949e } .prompt { fill: #3fb950 } .bad { fill: #ff7b72 }
}""" % FONT


class Pane:
    """A terminal's window: `columns` wide, as high as what it shows."""

    def __init__(self, title, columns, folder=None, service=None):
        self.title, self.columns, self.lines = title, columns, []
        self.folder, self.service = folder, service

    def show(self, text, style=""):
        for line in text.expandtabs(8).rstrip("\n").split("\n"):
            for first in range(0, max(len(line), 1), self.columns):
                self.lines.append((line[first:first + self.columns], style))

    def run(self, command, bad=None):
        """Shows a command, runs it, and shows what it said; lines that match `bad` stand out."""
        self.show(f"$ {command}", "prompt")
        environment = os.environ | {
            "PATH": f"{BINARY.resolve().parent}:{os.environ['PATH']}",
            "KEELSON_URL": self.service.url}
        real = command.replace("127.0.0.1:8470", f"127.0.0.1:{self.service.port}")
        done = subprocess.run(["bash", "-c", real], cwd=self.folder, env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        for line in done.stdout.replace("\r", "").splitlines():
            self.show(line, "bad" if bad and re.search(bad, line) else "")
        return done.returncode

    def width(self):
        return self.columns * CHARACTER + 2 * EDGE

    def height(self):
        return len(self.lines) * LINE + 22 + 2 * EDGE

    def drawn(self, x, y, height):
        out = [f'<rect class="pane" x="{x}" y="{y}" width="{self.width():.0f}" '
               f'height="{height}" rx="6"/>',
               f'<rect class="bar" x="{x}" y="{y}" width="{self.width():.0f}" height="22" rx="6"/>',
               f'<text class="title" x="{x + EDGE}" y="{y + 15}">{html.escape(self.title)}</text>']
        for number, (text, style) in enumerate(self.lines):
            kind = f' class="{style}"' if style else ""
            out.append(f'<text{kind} x="{x + EDGE}" y="{y + 22 + EDGE + 11 + number * LINE}">'
                       f"{html.escape(text, quote=False)}</text>")
        return out


def picture(rows):
    """Panes side by side in rows, as SVG."""
    out, y, width = [], 1, 0
    for panes in rows:
        height, x = max(pane.height() for pane in panes), 1
        for pane in panes:
            out += pane.drawn(x, y, height)
            x += round(pane.width()) + 8
        width, y = max(width, x - 8), y + height + 8
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" '
                      f'viewBox="0 0 {width + 1} {y - 7}">',
                      f"<style>{STYLE}</style>", *out, "</svg>", ""])


CITIES = """\
{"id":"2988507","name":"Paris","country":"FR","population":2138551}
{"id":"2950159","name":"Berlin","country":"DE","population":3426354}
{"id":"3169070","name":"Rome","country":"IT","population":2318895}
"""


def first(folder, service):
    (folder / "cities.ndjson").write_text(CITIES, encoding="utf-8")
    subprocess.run(["gzip", "-n", folder / "cities.ndjson"], check=True)
    pane = Pane("an SQLite primary, and a RocksDB secondary named kv", 100, folder, service.start())
    pane.run("keelson load cities cities.ndjson.gz --key id")
    service.caught_up()
    pane.run("curl -si '127.0.0.1:8470/v1/kv/cities/2988507?verify=wait'")
    pane.run("keelson put cities 2643743 '{\"name\":\"London\",\"country\":\"GB\"}'")
    pane.run("keelson watch cities --since start --count 4")
    service.caught_up()
    pane.run("keelson verify | cut -f 1-10")
    return [[pane]]


def difference(folder, service):
    service.start("--secondary", "copy=sqlite:copy.db")
    left = Pane("writes", 62, folder, service)
    right = Pane("keelson watch cities", 54)
    below = Pane("somebody edits the secondary", 120, service.folder, service)
    watch = subprocess.Popen([BINARY, "watch", "cities", "--url", service.url], text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        until(lambda: service.metric("keelson_subscribers") == 1, what="the subscription")
        left.run("keelson put cities 2988507 '{\"name\":\"Paris\"}'")
        left.run("keelson put cities 2950159 '{\"name\":\"Brelin\"}'")
        left.run("keelson put cities 2950159 '{\"name\":\"Berlin\"}'")
        left.run("keelson delete cities 2988507")
        for _ in range(4):
            right.show(watch.stdout.readline())
    finally:
        watch.send_signal(signal.SIGINT)
        watch.communicate()
    service.caught_up("copy")
    below.run("sqlite3 copy.db \"UPDATE documents SET value = '{}' WHERE key = '2950159'\"")
    below.run("curl -si '127.0.0.1:8470/v1/kv/cities/2950159?verify=wait' | grep -i consistency",
              bad="different")
    below.run("keelson verify | cut -f 1-10", bad="different\t1|^difference|^state\tdiff")
    below.run("curl -s 127.0.0.1:8470/metrics | grep ^keelson_open_differences", bad="1$")
    below.run("keelson status | sed -n 6,8p")
    below.run("keelson secondary rebuild copy --confirm")
    until(lambda: service.secondary("copy")["state"] == "live", what="the rebuild")
    below.run("keelson verify | cut -f 1-10")
    return [[left, right], [below]]


PICTURES = {"first.svg": first, "difference.svg": difference}


def make(into):
    for name, course in PICTURES.items():
        with tempfile.TemporaryDirectory(prefix="keelson-picture-") as folder:
            folder = pathlib.Path(folder)
            service = Service(folder / "data")
            try:
                rows = course(folder, service)
            finally:
                service.end()
            (into / name).write_text(picture(rows), encoding="utf-8")


def without_chance(text):
    """What is the same in every run: not the names of epochs and the ids, and no times."""
    for pattern in (r"\b[a-z0-9]{8}(?=:\d)", r"[0-9a-f]{8}-[0-9a-f-]{27}",
                    r"\d{4}-\d\d-\d\d[T ][\d:.]+", r"\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT",
                    r"X-Request-Id: \w+", r"seconds\s.*rate\s+\d+"):
        text = re.sub(pattern, "?", text)
    return text


if __name__ == "__main__":
    make(FOLDER)
