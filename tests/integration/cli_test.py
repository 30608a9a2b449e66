"""The commands as people and scripts use them, against a running service."""

import json
import os
import re
import signal
import subprocess

from tests.support.harness import BINARY, ServiceTest, cities_file, read_cities, until
from tests.support.screen import Screen

RED, GREEN, YELLOW = "\x1b[31m", "\x1b[32m", "\x1b[33m"
COMMANDS = ("serve", "config", "backends", "put", "get", "delete", "list", "load", "dump", "watch",
            "status", "verify", "secondary", "completion", "manual")


def say(*arguments, **environment):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=60,
                          env=os.environ | environment)


class ExitStatus(ServiceTest):
    def test_done_refused_usage_and_unreachable(self):
        service = self.service()

        def status(*arguments):
            return service.run(*arguments, check=False).returncode

        self.assertEqual(status("put", "c", "a", "1"), 0)
        for refused in (("get", "c", "none"), ("put", "c", "a", "2", "--if-none-match"),
                        ("delete", "c", "none"), ("secondary", "pause", "none"),
                        ("verify", "--secondary", "none"),
                        ("get", "c", "a", "--store", "none"), ("watch", "--since", "nonsense")):
            self.assertEqual(status(*refused), 1, refused)
        for usage in (("get", "c"), ("put", "c", "a", "1", "--if-match", "x"),
                      ("secondary", "stop", "kv"), ("load", "c", "/none"), ("get", "c", "a", "b"),
                      ("list", "c", "--limit", "-1"), ("dump", "c", "/")):
            self.assertEqual(status(*usage), 2, usage)
        self.assertEqual(service.stop(), 0)
        for command in (("get", "c", "a"), ("put", "c", "a", "1"), ("delete", "c", "a"),
                        ("list", "c"), ("status",), ("verify",), ("secondary", "pause", "kv"),
                        ("watch",), ("dump", "c", "--retry-for", "0")):
            self.assertEqual(status(*command), 3, command)

    def test_a_comparison_of_nothing_says_so(self):
        done = self.service().run("verify", "--collection", "citys")
        self.assertIn("no store has a document in the collection citys", done.stderr)

    def test_a_comparison_that_finds_something(self):
        copy = self.folder / "copy.db"
        service = self.service("--secondary", f"copy=sqlite:{copy}")
        service.put("c", "a", 1)
        service.caught_up("copy")
        self.assertEqual(service.run("verify").returncode, 0)
        subprocess.run(["sqlite3", copy, "DELETE FROM documents"], check=True)
        found = service.run("verify", check=False)
        self.assertEqual(found.returncode, 1)
        self.assertIn("missing", found.stdout)


class Forms(ServiceTest):
    def test_each_command_has_json_a_text_a_line(self):
        service = self.service()
        service.put("c", "a", {"n": 1.5})
        service.caught_up()
        file = self.folder / "lines.ndjson"
        file.write_text('{"id":"x"}\n')
        for arguments, member in ((("put", "c", "b", "1"), "version"), (("get", "c", "a"), "value"),
                                  (("list", "c"), "key"), (("delete", "c", "b"), "position"),
                                  (("load", "d", str(file), "--key", "id"), "written"),
                                  (("dump", "c", str(self.folder / "dumped")), "documents"),
                                  (("watch", "--since", "start", "--count", "2"), "op"),
                                  (("status",), "secondaries"), (("verify",), "state"),
                                  (("secondary", "pause", "kv"), "state"),
                                  (("secondary", "resume", "kv"), "state")):
            lines = service.run(*arguments, "--json").stdout.splitlines()
            self.assertGreater(len(lines), 0, arguments)
            for line in lines:
                self.assertIn(member, json.loads(line), arguments)
        for arguments, member in ((("config",), "source"), (("backends",), "capabilities")):
            for line in say(*arguments, "--json").stdout.splitlines():
                self.assertIn(member, json.loads(line))

    def test_colours_are_for_terminals(self):
        service = self.service()
        service.put("c", "a", 1)
        service.caught_up()

        def shown(*arguments, status=0, **environment):
            terminal = Screen([BINARY, *arguments, "--url", service.url], **environment)
            self.assertEqual(terminal.finish(), status, terminal.text)
            return terminal.text

        self.assertRegex(shown("status"), re.escape(GREEN) + "live\x1b\\[0m")
        self.assertIn(GREEN + "serving\x1b[0m", shown("status"))
        self.assertIn(GREEN + "equal\x1b[0m", shown("verify"))
        self.assertIn(YELLOW + "paused\x1b[0m", shown("secondary", "pause", "kv"))
        self.assertIn(YELLOW + "paused\x1b[0m", shown("status"))
        self.assertIn(RED + "keelson:\x1b[0m not_found", shown("get", "c", "none", status=1))
        self.assertIn(RED + "keelson:\x1b[0m --urll: ", shown("get", "c", "--urll", status=2))
        for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            for arguments, status in ((("status",), 0), (("get", "c", "none"), 1)):
                self.assertNotIn("\x1b", shown(*arguments, status=status, **environment))
        self.assertNotIn("\x1b", shown("status", "--json"))
        self.assertIn(RED, shown("get", "c", "none", status=1, NO_COLOR=""))
        self.assertNotIn("\x1b", service.run("status").stdout)
        self.assertNotIn("\x1b", service.run("get", "c", "none", check=False).stderr)
        # A table keeps its columns.
        plain = re.sub("\x1b\\[[0-9]*m", "", shown("status")).replace("\r\n", "\n")
        self.assertEqual([line.index("primary") for line in plain.splitlines()
                          if line.startswith("primary")], [0])
        head = next(line for line in plain.splitlines() if line.startswith("store"))
        row = next(line for line in plain.splitlines() if line.startswith("primary"))
        self.assertEqual(row[head.index("position"):].split(":")[0], service.status()[
            "position"].split(":")[0])

    def test_a_token_may_lie_in_a_file(self):
        service = self.service("--auth-tokens", "app:write:w-secret")
        file = self.folder / "token"
        file.write_text("w-secret\n")
        service.run("put", "c", "a", "1", "--token", f"@{file}")
        self.assertEqual(service.run("get", "c", "a", env=os.environ | {
            "KEELSON_TOKEN": f"@{file}"}).stdout, "1\n")
        for given in ("@/none", f"@{self.folder}", "two words", "@"):
            refused = service.run("get", "c", "a", "--token", given, check=False)
            self.assertEqual(refused.returncode, 2, given)
            self.assertIn("token", refused.stderr)
        file.write_text("wrong")
        refused = service.run("get", "c", "a", "--token", f"@{file}", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("unauthenticated", refused.stderr)

    def test_a_closed_pipe_is_no_failure(self):
        service = self.service()
        for start in range(0, 5000, 1000):
            service.request("POST", "/v1/batch", {"operations": [
                {"op": "put", "collection": "c", "key": f"{start + i:06}", "value": "x" * 100}
                for i in range(1000)]})
        for command in ("list c", "list c --json", "dump c", "dump c --values",
                        "watch --since start"):
            for first in ("", "trap '' PIPE; "):
                done = subprocess.run(
                    ["bash", "-c", f"{first}{BINARY} {command} --url {service.url} | head -1"],
                    capture_output=True, text=True, timeout=60)
                self.assertEqual(done.stderr, "", command)
                self.assertEqual(len(done.stdout.splitlines()), 1, command)
        full = subprocess.run(f"{BINARY} list c --url {service.url} > /dev/full", shell=True,
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(full.returncode, 1)
        self.assertIn("standard output", full.stderr)


class Texts(ServiceTest):
    def test_what_was_probably_meant(self):
        for arguments, said in ((("statsu",), "there is no command 'statsu'; did you mean 'status'?"),
                                (("status", "--jsno"),
                                 "--jsno: there is no such flag; did you mean '--json'?"),
                                (("get", "c", "k", "--verfy=wait"),
                                 "--verfy: there is no such flag; did you mean '--verify'?"),
                                (("serve", "--secondry", "x"), "did you mean '--secondary'?"),
                                (("get", "c", "k", "more"), "'more': nothing is expected here"),
                                (("secondary", "puase", "kv"), "pause")):
            refused = say(*arguments)
            self.assertEqual((refused.returncode, refused.stdout), (2, ""), arguments)
            self.assertIn(said, refused.stderr)
            self.assertEqual("--help" in refused.stderr, arguments[0] != "serve")

    def test_each_help_has_examples(self):
        for command in COMMANDS:
            helped = say(command, "--help")
            self.assertEqual(helped.returncode, 0)
            self.assertRegex(helped.stdout, rf"Examples:\n(.*\n)*  .*keelson {command}")
            self.assertIn(command, say("--help").stdout)
            # An example names only flags that there are.
            flags = set(re.findall(r" (--[a-z-]+)", helped.stdout.split("Examples:")[0]))
            for line in helped.stdout.split("Examples:")[1].splitlines():
                for part in re.findall(rf"keelson {command}([^|&]*)", line):
                    self.assertLessEqual(set(re.findall(r" (--[a-z-]+)", part)), flags, line)
        self.assertIn("Exit status: 0 done", say("--help").stdout)

    def complete(self, *words):
        script = say("completion").stdout + (
            f"COMP_WORDS=({' '.join(repr(word) for word in words)}) COMP_CWORD={len(words) - 1}\n"
            "_keelson\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n")
        return subprocess.run(["bash", "-c", script], check=True, capture_output=True,
                              text=True).stdout.split()

    def test_bash_completes_commands_flags_and_verbs(self):
        self.assertLessEqual(set(COMMANDS), set(self.complete("keelson", "")))
        self.assertEqual(self.complete("keelson", "sta"), ["status"])
        for command in COMMANDS:
            helped = say(command, "--help").stdout.split("Examples:")[0]
            flags = set(re.findall(r"^  (?:-\w,)?(--[a-z][a-z-]+)", helped, re.MULTILINE))
            self.assertGreater(len(flags), 0, command)
            self.assertLessEqual(flags, set(self.complete("keelson", command, "--")), command)
        self.assertEqual(self.complete("keelson", "secondary", ""), ["pause", "resume", "rebuild"])
        self.assertEqual(self.complete("keelson", "get", "c", "k", "--verify", "w"), ["wait"])
        self.assertEqual(self.complete("keelson", "get", "c", "w"), [])


class CutOff(ServiceTest):
    COUNT = 60_000

    def interrupted(self, arguments, state, which=signal.SIGINT):
        """Ends the command when the file with its state has changed; what it told."""
        before = state.read_bytes() if state.exists() else b""
        running = subprocess.Popen([BINARY, *arguments], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(running.stdout.close)
        self.addCleanup(running.stderr.close)
        self.addCleanup(running.kill)
        until(lambda: (state.exists() and state.read_bytes() not in (before, b"")) or
              running.poll() is not None, what="progress")
        running.send_signal(which)
        self.assertEqual(running.wait(30), 128 + which)
        return running.stderr.read()

    def test_a_load_says_how_far_it_came_and_goes_on_from_there(self):
        service = self.service()
        file = cities_file(self.folder, self.COUNT)
        copy = self.folder / "copy.ndjson.gz"
        copy.write_bytes(file.read_bytes())
        arguments = ["load", "cities", str(copy), "--key", "id", "--url", service.url]
        state = self.folder / "copy.ndjson.gz.keelson-load"

        written = 0
        for which in (signal.SIGINT, signal.SIGTERM):
            said = self.interrupted(arguments, state, which)
            found = re.search(r"interrupted behind line (\d+) of \S+, with (\d+) documents written; "
                              "the same command goes on from there", said)
            self.assertTrue(found, said)
            self.assertGreaterEqual(int(found[2]), written)
            written = int(found[2])
            self.assertLess(written, self.COUNT)
        done = service.run(*arguments[:-2])
        self.assertIn(f"going on behind line {written}", done.stderr)
        self.assertIn(f"written\t{self.COUNT}\tfailed\t0", done.stdout)
        sums = service.request("GET", "/v1/collections").json()["collections"]
        self.assertEqual(sums[0]["documents"], self.COUNT)

    def test_a_dump_does_too(self):
        service = self.service()
        for start in range(0, 10_000, 100):
            service.request("POST", "/v1/batch", {"operations": [
                {"op": "put", "collection": "c", "key": f"{start + i:06}", "value": "x" * 20_000}
                for i in range(100)]})
        file = self.folder / "all.ndjson"
        state = self.folder / "all.ndjson.keelson-dump"
        arguments = ["dump", "c", str(file), "--url", service.url]
        said = self.interrupted(arguments, state)
        found = re.search(r"interrupted behind (\d+) documents; the same command goes on from there",
                          said)
        self.assertTrue(found, said)
        self.assertFalse(file.exists())
        done = service.run(*arguments[:-2])
        self.assertIn(f"going on behind {found[1]} documents", done.stderr)
        self.assertEqual(len(file.read_bytes().splitlines()), 10_000)

    def test_one_that_waits_for_its_service_ends_at_once(self):
        service = self.service()
        service.kill()
        file = self.folder / "lines.ndjson"
        file.write_text('{"id":"x"}\n')
        for command in (["load", "c", str(file), "--key", "id"], ["dump", "c"]):
            running = Screen([BINARY, *command, "--url", service.url])
            running.read_until("waiting for the service")
            running.process.send_signal(signal.SIGINT)
            self.assertEqual(running.finish(), 130)
            self.assertIn("interrupted; nothing was", running.text)

    def test_a_bar_tells_how_far_how_fast_and_how_long(self):
        service = self.service()
        file = cities_file(self.folder, self.COUNT)
        bar = r"\d+ % \[#* *\] [\d,]+ documents, [\d,]+/s, \d+ (s|min|h) left"
        for command in (["load", "cities", str(file), "--key", "id"],
                        ["dump", "cities", str(self.folder / "all.ndjson")]):
            running = Screen([BINARY, *command, "--url", service.url], errors_only=True)
            self.assertEqual(running.finish(), 0, running.text)
            self.assertRegex(running.text, bar)
            self.assertTrue(running.text.endswith("\r\x1b[K"), running.text[-80:])
            self.assertNotIn("\x1b", running.output)


class OverARestart(ServiceTest):
    def test_a_watch_misses_nothing(self):
        service = self.service()
        watching = subprocess.Popen(
            [BINARY, "watch", "c", "--json", "--count", "400", "--url", service.url],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(watching.stderr.close)
        self.addCleanup(watching.kill)
        until(lambda: service.status()["subscribers"]["live"] == 1, what="the subscription")
        number = 0
        for end in (service.stop, service.kill, service.stop, service.kill):
            for _ in range(100):
                self.assertEqual(service.put("c", f"{number:04}", number).status, 201)
                number += 1
            end()
            service.start()
        seen = [json.loads(line) for line in watching.stdout.read().splitlines()]
        self.assertEqual(watching.wait(60), 0)
        self.assertEqual([change["value"] for change in seen], list(range(400)))
        self.assertIn("connecting again", watching.stderr.read())

    def test_a_load_leaves_nothing_out(self):
        service = self.service()
        file = cities_file(self.folder, 40_000)
        loading = Screen([BINARY, "load", "cities", str(file), "--key", "id",
                            "--url", service.url], errors_only=True)
        for end in (service.stop, service.kill):
            before = service.status()["position"]
            until(lambda: service.status()["position"] != before, what="progress of the load")
            end()
            service.start()
        self.assertEqual(loading.finish(), 0, loading.text)
        self.assertIn("trying again", loading.text)
        self.assertIn("written\t40000\tfailed\t0", loading.output)
        answer = service.request("GET", "/v1/kv/cities", headers={"Accept": "application/x-ndjson"})
        *lines, _ = map(json.loads, answer.body.splitlines())
        self.assertEqual({line["key"]: line["value"] for line in lines}, dict(list(
            read_cities(file).items())))
