"""A secondary in plain files: read by jq, changed by hand, damaged, and mended."""

import json
import subprocess
import unittest

from tests.support.harness import BINARY, ServiceTest, until

CITIES = {"2988507": {"name": "Paris", "population": 2138551},
          "2643743": {"name": "London", "population": 8961989},
          "é": [1, 2.5, None]}


class Files(ServiceTest):
    def setUp(self):
        super().setUp()
        self.running = self.service("--secondary", "plain=file:plain")
        self.file = self.running.folder / "plain" / "cities.json"
        for key, value in CITIES.items():
            self.assertEqual(self.running.put("cities", key, value).status, 201)
        self.running.put("other", "k", 1)
        self.written()

    def written(self):
        self.running.caught_up("plain")
        until(lambda: not self.waiting(), what="the files")

    def waiting(self):
        """Whether the files are behind what the service has."""
        lines = self.running.run("dump", "cities").stdout.splitlines()
        wanted = {line["key"]: line["value"] for line in map(json.loads, lines)}
        return not self.file.exists() or json.loads(self.file.read_text()) != wanted

    def jq(self, *arguments):
        return subprocess.run(["jq", *arguments, self.file], check=True, capture_output=True,
                              text=True, timeout=60).stdout

    def verify(self):
        done = self.running.run("verify", "--json", check=False)
        report = json.loads(done.stdout.splitlines()[-1])
        return done.returncode, {d["key"]: d["kind"] for d in report["differences"]}

    def test_jq_reads_what_was_written(self):
        self.assertEqual(json.loads(self.jq("-c", ".")), CITIES)
        self.assertEqual(self.jq("-r", '."2988507".name'), "Paris\n")
        self.assertEqual(self.jq("[.[] | objects | .population] | add"), "11100540\n")
        self.assertEqual(self.verify(), (0, {}))

    def test_verify_finds_an_edit_by_hand_and_a_rebuild_mends_it(self):
        edited = json.loads(self.jq('.["2988507"].name = "Lutetia" | .new = 1 | del(.["é"])'))
        self.file.write_text(json.dumps(edited, indent=4))
        status, found = self.verify()
        self.assertEqual(found, {"2988507": "differing", "new": "surplus", "é": "missing"})
        self.assertNotEqual(status, 0)
        self.assertEqual(self.running.get("cities", "2988507", "?store=plain").json()["name"],
                         "Lutetia")
        answer = self.running.get("cities", "2988507", "?verify=wait")
        self.assertEqual(answer.headers["Keelson-Consistency"], "plain=different")
        self.running.run("secondary", "rebuild", "plain", "--confirm")
        until(lambda: self.verify() == (0, {}), what="equal stores")
        self.written()

    def test_another_layout_is_no_difference(self):
        self.file.write_text(self.jq("--indent", "7", "."))
        self.assertEqual(self.verify(), (0, {}))

    def test_a_damaged_file_is_set_aside_and_reported(self):
        half = self.file.read_text()[:40]
        self.file.write_text(half)
        self.assertEqual(self.verify()[1], dict.fromkeys(CITIES, "missing"))
        self.assertEqual(self.file.with_name("cities.json.damaged").read_text(), half)
        self.assertIn("event=set_aside", self.running.log())
        self.running.run("secondary", "rebuild", "plain", "--confirm")
        until(lambda: self.verify() == (0, {}), what="equal stores")
        self.written()
        self.assertEqual(self.file.with_name("cities.json.damaged").read_text(), half)

    def test_a_killed_service_goes_on_where_it_was(self):
        for i in range(50):
            self.running.put("cities", f"c{i}", i)
        self.running.kill()
        self.running.start()
        self.running.put("cities", "after", 1)
        self.written()
        self.assertEqual(self.verify(), (0, {}))

    def test_a_collection_that_is_too_large_is_said(self):
        operations = [{"op": "put", "collection": "many", "key": str(i), "value": i}
                      for i in range(10_001)]
        for first in range(0, len(operations), 1000):
            self.running.request("POST", "/v1/batch", {"operations": operations[first:first + 1000]})
        until(lambda: self.running.secondary("plain")["state"] == "broken", what="the state broken")
        self.assertIn("at most 10,000 documents", self.running.secondary("plain")["reason"])
        self.running.request("DELETE", "/v1/kv/many/0")
        self.written()

    def test_it_cannot_be_the_primary(self):
        done = subprocess.run([BINARY, "serve", "--data", self.folder / "other", "--primary",
                               "file:other"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot be a primary", done.stderr)


if __name__ == "__main__":
    unittest.main()
