"""The texts about settings are those of the binary, and the example file loads.
WRITE_DOCS=1 writes them instead."""

import json
import os
import subprocess

from tests.support import settings_texts
from tests.support.harness import BINARY, ServiceTest


class Settings(ServiceTest):
    def check(self, path, text):
        if os.environ.get("WRITE_DOCS") == "1":
            path.write_text(text, encoding="utf-8")
        self.assertEqual(path.read_text(encoding="utf-8"), text,
                         f"{path.name} is not of this binary: WRITE_DOCS=1 writes it anew")

    def test_the_reference_and_the_example_are_of_this_binary(self):
        found = settings_texts.settings()
        self.assertGreater(len(found), 30)
        self.check(settings_texts.REFERENCE, settings_texts.reference(found))
        self.check(settings_texts.EXAMPLE, settings_texts.example(found))

    def test_the_example_with_every_line_in_force_is_the_default(self):
        found = settings_texts.settings()
        lines = []
        for line in settings_texts.EXAMPLE.read_text(encoding="utf-8").splitlines():
            lines.append(line[1:] if line.startswith("#") and not line.startswith("##") else line)
        file = self.folder / "keelson.yaml"
        file.write_text("\n".join(lines), encoding="utf-8")
        said = subprocess.run([BINARY, "config", "--config", file, "--json"], capture_output=True,
                              text=True)
        self.assertEqual(said.returncode, 0, said.stderr)
        shown = {each["name"]: each for each in map(json.loads, said.stdout.splitlines())}
        for each in found:
            now = shown[each["name"]]
            self.assertEqual(now["value"], each["value"], each["name"])
            if "variable" in each:
                self.assertIn("keelson.yaml:", now["source"], each["name"])

    def test_help_completion_and_manual_name_the_same(self):
        def say(*arguments):
            return subprocess.run([BINARY, *arguments], check=True, capture_output=True,
                                  text=True).stdout

        completion, manual = say("completion"), say("manual")
        script = completion + "\nCOMP_WORDS=(keelson serve --lim) COMP_CWORD=2\n_keelson\n" \
                              'printf "%s\\n" "${COMPREPLY[@]}"\n'
        offered = subprocess.run(["bash", "-c", script], check=True, capture_output=True,
                                 text=True).stdout.split()
        self.assertIn("--limits-value", offered)
        self.assertTrue(all(word.startswith("--lim") for word in offered))
        for command in ("serve", "config", "backends", "put", "get", "delete", "list", "load",
                        "dump", "watch", "status", "verify", "secondary"):
            self.assertIn(f" {command}", say("--help"))
            self.assertIn(f".SS keelson {command}", manual)
            self.assertIn(f"    {command}) words=", completion)
        self.assertIn(r"\-\-limits\-value", manual)


