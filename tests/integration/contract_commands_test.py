"""The contract of the command line against a running service: exit statuses and --json."""

import json
import os
import signal
import subprocess

from tests.support.harness import BINARY, SharedServiceTest, until

DONE, REFUSED, USAGE, UNREACHABLE = 0, 1, 2, 3
NOBODY = "http://127.0.0.1:1"  # where nothing listens


class Commands(SharedServiceTest):
    def command(self, *arguments, status=DONE, url=None, **options):
        done = subprocess.run([BINARY, *arguments, "--url", url or self.running.url],
                              capture_output=True, text=True, timeout=120, **options)
        self.assertEqual(done.returncode, status, f"{arguments}: {done.stdout}{done.stderr}")
        if status != DONE:
            self.assertTrue(done.stderr.strip(), arguments)
        return done

    def json(self, *arguments, **options):
        """The JSON texts that a command prints, one a line."""
        out = self.command(*arguments, "--json", **options).stdout
        return [json.loads(line) for line in out.splitlines()]

    def put(self, key, value, *flags, **options):
        return self.json("put", self.collection, key, json.dumps(value), *flags, **options)

    def test_documents(self):
        receipt, = self.put("a", {"n": 1})
        self.assertEqual(list(receipt), ["key", "version", "position"])
        version, name = str(receipt["version"]), self.collection
        found, = self.json("get", name, "a", "--verify", "wait")
        self.assertEqual(list(found), ["key", "version", "position", "consistency", "value"])
        self.assertEqual((found["key"], found["version"], found["value"]),
                         ("a", receipt["version"], {"n": 1}))
        self.assertIn(found["consistency"], ("kv=equal", "kv=pending"))
        self.assertEqual(self.command("get", name, "a").stdout, '{"n":1}\n')
        self.put("a", 2, "--if-match", version)
        gone, = self.json("delete", name, "a")
        self.assertEqual(list(gone), ["key", "version", "position"])
        self.put("b", 1, "--if-none-match")
        value = self.folder / f"{name}.json"
        value.write_text("[3]")
        self.command("put", name, "c", f"@{value}")
        self.command("put", name, "d", "-", input="4")
        self.assertEqual(self.json("list", name),
                         [{"key": key, "version": int(version) + 3 + i, "value": v}
                          for i, (key, v) in enumerate((("b", 1), ("c", [3]), ("d", 4)))])
        self.assertEqual([i["key"] for i in self.json("list", name, "--reverse", "--limit", "2",
                                                      "--keys")], ["d", "c"])

    def test_what_is_refused_or_not_found_is_1(self):
        name = self.collection
        receipt, = self.put("a", 1)
        for arguments in (("get", name, "none"), ("delete", name, "none"),
                          ("get", "Wrong", "a"), ("put", name, "a", "{"),
                          ("put", name, "a", "1", "--if-none-match"),
                          ("put", name, "a", "1", "--if-match", str(receipt["version"] + 1)),
                          ("delete", name, "a", "--if-match", str(receipt["version"] + 1)),
                          ("list", "Wrong"), ("get", name, "a", "--store", "none"),
                          ("verify", "--secondary", "none"), ("secondary", "pause", "none"),
                          ("watch", name, "--since", "abcdefgh:1"), ("dump", "Wrong")):
            self.command(*arguments, status=REFUSED)
        missing = self.command("get", name, "none", status=REFUSED).stderr
        self.assertIn("not_found", missing)

    def test_usage_is_2(self):
        rows = [(), ("dance",), ("get",), ("get", "c"), ("get", "c", "k", "--what"),
                ("put", "c", "k", "1", "--if-match", "x"), ("list", "c", "--limit", "x"),
                ("put", "c", "k", "1", "--if-match", "1", "--if-none-match"),
                ("get", "c", "k", "--verify", "maybe"), ("secondary", "dance", "kv"),
                ("load", "c", "/nowhere/at-all"), ("load", "c", "-", "--connections", "0"),
                ("watch", "c", "--since", "now", "--snapshot"), ("watch", "c", "--count", "0"),
                ("put", "c", "k", "@/nowhere/at-all"), ("serve", "--what"),
                ("serve", "--listen", "x"),
                ("config", "--limits-key", "many")]
        for row in rows:
            done = subprocess.run([BINARY, *row], capture_output=True, text=True, timeout=60,
                                  stdin=subprocess.DEVNULL)
            self.assertEqual(done.returncode, USAGE, (row, done.stdout, done.stderr))
            self.assertTrue(done.stderr, row)
        for url in ("nonsense", "ftp://localhost", "http://localhost:70000", "http://u@localhost"):
            self.command("get", "c", "k", url=url, status=USAGE)

    def test_a_service_that_cannot_be_reached_is_3(self):
        (self.folder / "lines").write_text('{"key":"a","value":1}\n')
        patience = ("--retry-for", "0")
        for arguments in (("put", "c", "k", "1"), ("get", "c", "k"), ("delete", "c", "k"),
                          ("list", "c"), ("status",), ("verify",), ("secondary", "pause", "kv"),
                          ("load", "c", str(self.folder / "lines"), *patience),
                          ("dump", "c", *patience), ("watch", "c", *patience)):
            said = self.command(*arguments, url=NOBODY, status=UNREACHABLE).stderr
            self.assertIn(NOBODY, said)

    def test_a_load_reports_bad_lines_itself_and_goes_on(self):
        file = self.folder / f"{self.collection}.ndjson"
        lines = [json.dumps({"id": i, "text": "x" * 10}) for i in range(2500)]
        lines[7], lines[1999], lines[2400] = "{", '{"text":1}', '{"id":1e999}'
        file.write_text("\n".join(lines))
        done = self.command("load", self.collection, str(file), "--key", "id", "--json",
                            status=REFUSED)
        summary = json.loads(done.stdout)
        self.assertEqual((summary["written"], summary["failed"]), (2497, 3))
        self.assertLessEqual({"written", "failed", "seconds", "rate"}, set(summary))
        for line in (8, 2000, 2401):
            self.assertRegex(done.stderr, rf"\b{line}\b")
        self.assertNotIn("\r", done.stderr)  # no progress bar where there is no terminal
        self.assertEqual(list(self.folder.glob(f"{file.name}.*")), [])
        self.assertEqual(sorted(self.commits()), [499, 999, 999])  # batches of 1,000 lines
        written, = self.json("load", self.collection, "-", input='{"key":"a","value":1}\n')
        self.assertEqual((written["written"], written["failed"]), (1, 0))

    def commits(self):
        """How many changes each commit to the collection has."""
        self.running.settled()
        sizes, at, since = [0], None, "start"
        while at != since:
            at = since
            page = self.ask("GET", f"/v1/changes?collection={self.collection}&since={at}").json()
            for change in page["changes"]:
                sizes[-1] += 1
                if "more" not in change:
                    sizes.append(0)
            since = page["position"]
        return sizes[:-1]

    def test_a_dump(self):
        for key in "abc":
            self.put(key, {"k": key})
        file = self.folder / f"{self.collection}.ndjson"
        summary, = self.json("dump", self.collection, str(file))
        self.assertEqual(summary["documents"], 3)
        self.assertEqual([json.loads(line) for line in file.read_text().splitlines()],
                         [{"key": key, "value": {"k": key}} for key in "abc"])

    def test_a_watch(self):
        for key in "abc":
            self.put(key, 1)
        changes = self.json("watch", self.collection, "--since", "start", "--count", "3")
        self.assertEqual([(c["op"], c["key"], c["value"]) for c in changes],
                         [("put", key, 1) for key in "abc"])
        snapshot = subprocess.Popen([BINARY, "watch", self.collection, "--snapshot", "--json",
                                     "--url", self.running.url], stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True)
        lines = []
        while not lines or lines[-1].get("type") != "live":
            lines.append(json.loads(snapshot.stdout.readline()))
        self.assertEqual(lines[0], {"type": "snapshot"})
        self.assertEqual([line["key"] for line in lines[1:-1]], ["a", "b", "c"])
        snapshot.send_signal(signal.SIGINT)
        _, said = snapshot.communicate(timeout=30)
        self.assertEqual(snapshot.returncode, DONE)
        self.assertIn(f"position\t{lines[-1]['position']}", said)

    def test_the_state_of_the_service(self):
        status, = self.json("status")
        self.assertEqual(list(status), list(self.running.status()))
        self.put("a", 1)
        report, = self.json("verify", "--secondary", "kv", "--collection", self.collection)
        self.assertEqual((report["state"], list(report)),
                         ("equal", ["id", "state", "progress", "secondaries", "differences"]))
        paused, = self.json("secondary", "pause", "kv")
        self.assertEqual((paused["name"], paused["state"]), ("kv", "paused"))
        resumed, = self.json("secondary", "resume", "kv")
        self.assertEqual(resumed["name"], "kv")
        until(lambda: self.running.secondary()["state"] == "live", what="the state live")

    def test_address_and_token_come_from_the_environment_too(self):
        self.put("a", 1)
        environment = os.environ | {"KEELSON_URL": self.running.url}
        done = subprocess.run([BINARY, "get", self.collection, "a"], env=environment,
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (DONE, "1\n"))

    def test_settings_and_engines_as_json(self):
        for command in ("config", "backends"):
            done = subprocess.run([BINARY, command, "--json"], capture_output=True, text=True,
                                  timeout=60)
            self.assertEqual(done.returncode, DONE, done.stderr)
            rows = [json.loads(line) for line in done.stdout.splitlines()]
            self.assertGreater(len(rows), 2)
