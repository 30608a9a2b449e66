"""docs/api.md: its examples run as they stand there, in their order, against a fresh service."""

import os
import subprocess

from tests.support import guide
from tests.support.harness import ServiceTest
from tests.support.terminal import Terminal

COMMANDS = {
    "python": ["/usr/bin/python3", "-c"],
    "javascript node": ["node", "--input-type=module", "-e"],
}
IN_THE_BROWSER = {"html"} | {f"javascript {name}" for name in guide.MODULES}


class Guide(ServiceTest):
    def test_every_example(self):
        # Debian's own Node looks there by itself.
        environment = {"KEELSON_URL": self.service().url, "NODE_PATH": "/usr/share/nodejs"}
        for name in guide.MODULES:
            (self.folder / name).write_text(guide.example(name), encoding="utf-8")
        terminal = Terminal(self, self.folder, environment)
        for kind, text in guide.blocks():
            if kind == "sh":
                terminal.run(text)
            elif kind not in IN_THE_BROWSER:
                done = subprocess.run([*COMMANDS[kind], text], env=os.environ | environment,
                                      timeout=60, capture_output=True, text=True, cwd=self.folder)
                self.assertEqual(done.returncode, 0, f"{text}\n{done.stdout}\n{done.stderr}")
