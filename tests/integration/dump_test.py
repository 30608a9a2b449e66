"""keelson dump: whole, packed, and resumed where it was cut off."""

import gzip
import json
import signal
import subprocess

from tests.support.harness import BINARY, ServiceTest, cities_file, read_cities, until

COUNT = 20_000


class Dump(ServiceTest):
    @classmethod
    def lines(cls, path):
        opened = gzip.open if str(path).endswith(".gz") else open
        with opened(path, "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def loaded(self, count=COUNT):
        service = self.service()
        file = cities_file(self.folder, count)
        service.run("load", "cities", str(file), "--key", "id")
        return service, read_cities(file)

    def test_there_and_back(self):
        service, cities = self.loaded(3000)
        packed = self.folder / "all.ndjson.gz"
        summary = service.run("dump", "cities", str(packed), "--json").stdout
        self.assertEqual(json.loads(summary)["documents"], 3000)
        found = {line["key"]: line["value"] for line in self.lines(packed)}
        self.assertEqual(found, cities)
        self.assertEqual(sorted(found, key=str.encode), list(found))

        values = self.folder / "values.ndjson"
        service.run("dump", "cities", str(values), "--values")
        service.run("load", "again", str(values), "--key", "id")
        service.run("load", "packed", str(packed))
        sums = {c["name"]: c for c in service.request("GET", "/v1/collections").json()["collections"]}
        self.assertEqual({(c["documents"], c["bytes"]) for c in sums.values()},
                         {(3000, sums["cities"]["bytes"])})

        refused = service.run("dump", "cities", str(values), check=False)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("there already", refused.stderr)
        printed = service.run("dump", "cities", "--prefix", "29").stdout.splitlines()
        self.assertEqual(len(printed), sum(key.startswith("29") for key in cities))

    def check_resumed(self, name, count):
        service, cities = self.loaded(count)
        # Larger values, so that there are states to go on from.
        for start in range(0, 4000, 100):
            service.request("POST", "/v1/batch", {"operations": [
                {"op": "put", "collection": "cities", "key": f"large{i}", "value": "x" * 20_000}
                for i in range(start, start + 100)]})
        path = self.folder / name
        arguments = [BINARY, "dump", "cities", str(path), "--url", service.url]
        state = self.folder / (name + ".keelson-dump")
        cuts = 0
        for _ in range(50):
            before = state.read_bytes() if state.exists() else b""
            dump = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            until(lambda: dump.poll() is not None or
                  (state.exists() and state.read_bytes() != before), what="progress of the dump")
            if dump.poll() is None:
                dump.send_signal(signal.SIGKILL)
                cuts += 1
            dump.communicate()
            if dump.returncode == 0:
                break
            self.assertFalse(path.exists())
        self.assertGreater(cuts, 1)
        found = self.lines(path)
        self.assertEqual(len(found), count + 4000)
        self.assertEqual({line["key"] for line in found if not line["key"].startswith("large")},
                         set(cities))
        self.assertFalse(state.exists())

    def test_it_goes_on_where_it_was_killed(self):
        self.check_resumed("all.ndjson", COUNT)

    def test_it_waits_for_a_service_that_starts_again(self):
        service, cities = self.loaded()
        service.kill()
        path = self.folder / "all.ndjson"
        dump = subprocess.Popen([BINARY, "dump", "cities", str(path), "--url", service.url],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertIn("waiting", dump.stderr.readline())
        service.start()
        dump.communicate(timeout=60)
        self.assertEqual(dump.returncode, 0)
        self.assertEqual(len(self.lines(path)), COUNT)


