"""Runs a command on a terminal, as a person does."""

import os
import pty
import select
import subprocess


class Screen:
    """`errors_only`: standard output is a pipe, and only what is told goes to the terminal."""

    def __init__(self, arguments, errors_only=False, **environment):
        self.master, slave = pty.openpty()
        self.text = ""
        self.process = subprocess.Popen(
            arguments, stdin=slave, stdout=subprocess.PIPE if errors_only else slave, stderr=slave,
            env={"TERM": "xterm", "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"),
                 **environment}, start_new_session=True)
        os.close(slave)

    def read(self, seconds=30):
        """What came since, or "" when the command is at its end."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            raise AssertionError(f"nothing for {seconds} s behind {self.text!r}")
        try:
            piece = os.read(self.master, 65536).decode()
        except OSError:     # EIO: nobody holds the other end any more
            piece = ""
        self.text += piece
        return piece

    def read_until(self, text):
        while text not in self.text:
            if not self.read():
                raise AssertionError(f"{text!r} is not in {self.text!r}")

    def finish(self):
        """The exit status, when everything was read."""
        while self.read():
            pass
        os.close(self.master)
        output = self.process.stdout.read().decode() if self.process.stdout else ""
        if self.process.stdout:
            self.process.stdout.close()
        self.output = output
        return self.process.wait(30)
