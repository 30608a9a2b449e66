"""docs/api.md: its examples run as they stand there, in their order, against a fresh service."""

import os
import re
import subprocess

from tests.support.harness import ROOT, ServiceTest

BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": ["/usr/bin/python3", "-c"]}


class Guide(ServiceTest):
    def test_every_example(self):
        service = self.service()
        environment = os.environ | {"KEELSON_URL": service.url}
        blocks = BLOCK.findall((ROOT / "docs" / "api.md").read_text(encoding="utf-8"))
        self.assertGreater(len(blocks), 8)
        for language, text in blocks:
            if language == "sh":
                text = f"api={service.url}\n" + text
            done = subprocess.run([*COMMANDS[language], text], env=environment, timeout=60,
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, f"{text}\n{done.stdout}\n{done.stderr}")
