"""docs/api.md: its examples run as they stand there, in their order, against a fresh service."""

import os
import subprocess

from tests.support import guide
from tests.support.harness import ServiceTest

COMMANDS = {
    "sh": ["bash", "-euo", "pipefail", "-c"],
    "python": ["/usr/bin/python3", "-c"],
    "javascript node": ["node", "--input-type=module", "-e"],
}
IN_THE_BROWSER = {"html"} | {f"javascript {name}" for name in guide.MODULES}


class Guide(ServiceTest):
    def test_every_example(self):
        service = self.service()
        # Debian's own Node looks there by itself.
        environment = os.environ | {"KEELSON_URL": service.url, "NODE_PATH": "/usr/share/nodejs"}
        for name in guide.MODULES:
            (self.folder / name).write_text(guide.example(name), encoding="utf-8")
        for language, text in guide.blocks():
            if language in IN_THE_BROWSER:
                continue
            if language == "sh":
                text = f"api={service.url}\n" + text
            done = subprocess.run([*COMMANDS[language], text], env=environment, timeout=60,
                                  capture_output=True, text=True, cwd=self.folder)
            self.assertEqual(done.returncode, 0, f"{text}\n{done.stdout}\n{done.stderr}")
