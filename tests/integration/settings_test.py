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

    def test_config_says_which_stores_a_profile_chose_and_why(self):
        def said(*arguments, **variables):
            plain = {name: value for name, value in os.environ.items()
                     if not name.startswith("KEELSON_") and not name.endswith("_URL")}
            done = subprocess.run([BINARY, "config", *arguments], env=plain | variables, text=True,
                                  capture_output=True)
            rows = [line.split("\t") for line in done.stdout.splitlines()]
            return done, {name: (value, source) for name, value, source in rows}

        done, shown = said("--profile", "auto", KUBERNETES_SERVICE_HOST="10.0.0.1",
                           DATABASE_URL="leveldb:/tmp/theirs?cache_mib=8")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(shown["profile"], (
            "remote", "--profile auto: in a container (KUBERNETES_SERVICE_HOST), with DATABASE_URL"))
        self.assertEqual(shown["primary.url"], ("leveldb:/tmp/theirs?cache_mib=8",
                                                "DATABASE_URL (profile remote)"))
        self.assertEqual(shown["secondaries"], ("none", "profile remote"))
        done, shown = said(KEELSON_PROFILE="local", DATABASE_URL="sqlite:theirs.db")
        self.assertEqual(shown["profile"], ("local", "KEELSON_PROFILE"))
        self.assertEqual(shown["primary.url"], ("sqlite:primary.db", "profile local"))
        done, shown = said("--profile", "remote")
        self.assertEqual((done.returncode, shown), (2, {}))
        self.assertIn("DATABASE_URL or MONGODB_URL", done.stderr)

    def test_a_service_with_a_profile_serves_from_what_it_chose(self):
        service = self.service("--profile", "hybrid", start=False)
        service.environment = {"DATABASE_URL": "sqlite:theirs.db"}
        service.start()
        self.assertEqual(service.put("cities", "a", 1).status, 201)
        service.caught_up()
        self.assertTrue((service.folder / "theirs.db").exists())
        self.assertIn("theirs.db", service.status()["primary"]["url"])

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


