"""A terminal for the examples of the documents: blocks of bash, run one after the other."""

import os
import signal
import subprocess
import threading

from tests.support.harness import until

# How a block begins that has no end of its own, such as a stream, for reader and test alike.
BESIDE = "# in a terminal of its own"


class Terminal:
    """One bash for all the blocks that it is given, so that variables stay. What fails ends it, and
    is a failure of the test."""

    def __init__(self, test, folder, environment):
        self.test, self.folder = test, folder
        self.environment = os.environ | environment
        self.bash = self._start(["-euo", "pipefail"], stdin=subprocess.PIPE)
        self.blocks = 0

    def _start(self, arguments, **options):
        process = subprocess.Popen(["bash", *arguments], cwd=self.folder, env=self.environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   start_new_session=True, **options)
        self.test.addCleanup(self._end, process)
        return process

    @staticmethod
    def _end(process):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if process.stdin:
            process.stdin.close()

    def run(self, text, seconds=120):
        """The output of a block, once it has ended."""
        self.blocks += 1
        script = self.test.folder / f"block-{self.blocks}.sh"
        script.write_text(text, encoding="utf-8")
        end = f"-- end of block {self.blocks}"
        self.bash.stdin.write(f"source {script} </dev/null; printf '\\n%s\\n' '{end}'\n")
        self.bash.stdin.flush()
        watchdog = threading.Timer(seconds, os.killpg, (self.bash.pid, signal.SIGKILL))
        watchdog.start()
        lines = []
        try:
            for line in self.bash.stdout:
                if line.rstrip("\n") == end:
                    return "".join(lines)
                lines.append(line)
        finally:
            watchdog.cancel()
        raise AssertionError(f"this ended with {self.bash.wait()}:\n{text}\n{''.join(lines)}")

    def beside(self, text):
        """Starts a block that has no end of its own."""
        return Stream(self._start(["-c", text], stdin=subprocess.DEVNULL))


class Stream:
    """What a block says as it goes on."""

    def __init__(self, process):
        self.process, self.text = process, ""
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.text += line

    def says(self, expected, seconds=60):
        until(lambda: expected in self.text, seconds, f"{expected!r} in {self.text!r}")

    def interrupt(self):
        """Ctrl-C; everything that was said."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(60)
        self.reader.join(60)
        return self.text
