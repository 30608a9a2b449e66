"""Starts that cannot succeed: each says why and what to do, and leaves everything as it was: G11."""

import os
import shutil
import subprocess
import unittest

from tests.support.harness import BINARY, ServiceTest, until
from tests.support.small_disk import SmallDisk


class BadStart(ServiceTest):
    def refused(self, *flags, name="data", port=0):
        """What a start that ends with status 1 says."""
        service = self.service(*flags, name=name, start=False)
        service.log_path = self.folder / "refused.log"
        service.port = port
        service.start(wait=False)
        self.assertEqual(service.process.wait(20), 1)
        return service.log()

    def files(self, folder):
        return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class NoPlace(BadStart):
    def test_a_port_that_is_taken(self):
        first = self.service(name="first")
        said = self.refused(name="second", port=first.port)
        self.assertIn(f"cannot listen on 127.0.0.1:{first.port}: Address already in use", said)
        self.assertIn("--listen", said)
        self.assertFalse((self.folder / "second").exists())
        self.assertEqual(first.request("GET", "/readyz").status, 200)

    def test_a_folder_in_use(self):
        first = self.service()
        first.put("cities", "a", 1)
        said = self.refused()
        self.assertIn("in use by another keelson", said)
        self.assertIn("--data", said)
        self.assertEqual(first.get("cities", "a").json(), 1)

    def test_a_file_in_place_of_the_folder(self):
        (self.folder / "data").write_text("mine")
        said = self.refused()
        self.assertIn(f"the data folder {self.folder / 'data'} is a file", said)
        self.assertIn("--data", said)
        self.assertEqual((self.folder / "data").read_text(), "mine")
        self.assertIn("Not a directory", self.refused(name="data/below"))

    def test_a_folder_that_may_not_be_written(self):
        disk = SmallDisk(self, 8, ballast=0)
        subprocess.run(["mount", "-o", "remount,bind,ro", disk.path], check=True)
        said = self.refused(name="disk")
        self.assertIn(f"cannot open {disk.path / 'keelson.lock'}: Read-only file system", said)
        self.assertIn("--data", said)
        self.assertIn("Read-only file system", self.refused(name="disk/below"))

    def test_a_folder_of_somebody_else(self):
        if os.geteuid() == 0:
            self.skipTest("root may write everywhere")
        (self.folder / "data").mkdir(mode=0o555)
        said = self.refused()
        self.assertIn("Permission denied", said)
        self.assertIn("--data", said)


class BadSettings(BadStart):
    def test_all_mistakes_are_said_together_and_nothing_is_touched(self):
        file = self.folder / "keelson.yaml"
        file.write_text("listen: nonsense\nlimits:\n  valeu: 1MiB\n  key: many\nwhat: 1\n")
        done = subprocess.run([BINARY, "serve", "--config", file, "--data", self.folder / "data",
                               "--writer-queue-bytes", "-1"], capture_output=True, text=True,
                              timeout=30)
        self.assertEqual(done.returncode, 2)
        for said in (f"{file}:1", f"{file}:3", "limits.value", f"{file}:4", f"{file}:5",
                     "--writer-queue-bytes"):
            self.assertIn(said, done.stderr)
        self.assertFalse((self.folder / "data").exists())


class NothingToRestore(BadStart):
    def test_a_new_epoch_of_no_log(self):
        for primary in ("sqlite:primary.db", "rocksdb:main"):
            said = self.refused("--primary", primary, "--new-epoch", name=primary.split(":")[0])
            self.assertIn(f"the primary {primary} holds none", said)
            self.assertIn("put the primary in its place first", said)
        self.assertEqual([path.name for path in self.files(self.folder)],
                         ["refused.log", "keelson.lock", "keelson.lock"])


class DamagedStore(BadStart):
    def stopped(self, *flags):
        service = self.service(*flags)
        for i in range(100):
            service.put("cities", f"c{i}", {"n": i})
        service.caught_up()
        self.assertEqual(service.stop(), 0)
        return service

    def check_equal(self, service):
        service.caught_up()
        report = service.verify()
        self.assertEqual(report["state"], "equal", report)
        self.assertEqual(report["secondaries"][0]["counts"]["equal"], 100)

    def check_primary(self, primary, damage):
        """It is a state with a reason; with the backup back in its place the service goes on."""
        service = self.stopped("--primary", primary)
        place = service.folder / primary.split(":")[1]
        backup = self.folder / "backup"
        (shutil.copytree if place.is_dir() else shutil.copy)(place, backup)
        damage(place)
        kept = place.rename(self.folder / "damaged")
        (shutil.copytree if kept.is_dir() else shutil.copy)(kept, place)
        service.start()
        ready = service.request("GET", "/readyz")
        self.assertEqual(ready.status, 503)
        shown = next(c for c in ready.json()["components"] if c["name"] == "primary")
        self.assertEqual(shown["state"], "broken")
        self.assertRegex(shown["reason"], "damaged|[Cc]orrupt")
        for answer in (service.put("cities", "a", 1), service.get("cities", "c1")):
            self.assertEqual((answer.status, answer.json()["code"]), (503, "unavailable"))
        if place.is_file():
            self.assertEqual(place.read_bytes(), kept.read_bytes())
        else:
            self.assertEqual([f.relative_to(place) for f in self.files(place)],
                             [f.relative_to(kept) for f in self.files(kept)])
            self.assertEqual(list(self.files(place).values()), list(self.files(kept).values()))

        place.rename(self.folder / "away")
        backup.rename(place)
        until(lambda: service.request("GET", "/readyz").status == 200, what="readiness")
        self.assertEqual(service.get("cities", "c1").json(), {"n": 1})
        self.check_equal(service)
        self.assertNotIn("history_replaced", service.log())
        self.assertEqual(service.stop(), 0)

    def test_a_sqlite_primary_that_is_cut_off(self):
        self.check_primary("sqlite:primary.db", lambda place: os.truncate(place, 4096))

    def test_a_rocksdb_primary_without_its_manifest(self):
        def overwrite(place):
            for manifest in place.glob("MANIFEST-*"):
                manifest.write_bytes(b"x" * manifest.stat().st_size)

        self.check_primary("rocksdb:main", overwrite)

    def test_a_sqlite_primary_with_a_page_of_garbage(self):
        """It opens, and what it says is right or is not said."""
        service = self.stopped()
        place = service.folder / "primary.db"
        size = place.stat().st_size
        with open(place, "r+b") as file:
            for page in range(size // 2, size - 4096, 4096):
                file.seek(page)
                file.write(b"\xa5" * 4096)
        service.start()
        statuses = set()
        for i in range(100):
            answer = service.get("cities", f"c{i}")
            statuses.add(answer.status)
            if answer.status == 200:
                self.assertEqual(answer.json(), {"n": i})
            else:
                self.assertEqual((answer.status, answer.json()["code"]), (503, "unavailable"))
        self.assertIn(503, statuses)
        self.assertRegex(service.log(), "damaged|malformed|corrupt")

    def test_a_rocksdb_primary_whose_newest_commits_are_damaged(self):
        """What was acknowledged is there, or its loss is said."""
        service = self.service("--primary", "rocksdb:main")
        for i in range(100):
            position = service.put("cities", f"c{i}", {"n": i}).json()["position"]
        service.kill()
        newest = max((service.folder / "main").glob("*.log"), key=lambda file: file.stat().st_size)
        with open(newest, "r+b") as file:
            file.seek(newest.stat().st_size // 2)
            file.write(b"\xa5" * 64)
        service.start()
        ready = service.request("GET", "/readyz")
        if ready.status == 200:
            self.assertIn("history_replaced", service.status())
            lost = service.request("GET", f"/v1/changes?since={position}")
            self.assertEqual((lost.status, lost.json()["code"]), (410, "history_lost"))
        else:
            self.assertEqual(service.put("cities", "a", 1).status, 503)
            self.assertRegex(service.status()["primary"]["reason"], "damaged|[Cc]orrupt")

    def test_a_primary_that_is_no_database_any_more(self):
        service = self.stopped()
        place = service.folder / "primary.db"
        place.write_bytes(b"x" * place.stat().st_size)
        before = self.files(service.folder)
        said = self.refused()
        self.assertIn("not a readable SQLite database", said)
        self.assertIn("put a backup of it in its place", said)
        self.assertEqual(self.files(service.folder), before)

    def test_a_rocksdb_secondary_without_its_manifest(self):
        service = self.stopped()
        place = service.folder / "kv"
        for manifest in place.glob("MANIFEST-*"):
            manifest.write_bytes(b"x" * manifest.stat().st_size)
        service.start()
        until(lambda: service.secondary()["state"] == "broken", what="the state broken")
        self.assertRegex(service.secondary()["reason"], "damaged|[Cc]orrupt")
        self.assertEqual(service.request("GET", "/readyz").json()["state"], "degraded")
        self.assertEqual(service.get("cities", "c1").json(), {"n": 1})
        shutil.rmtree(place)
        self.check_equal(service)

    def test_a_sqlite_secondary_that_is_cut_off(self):
        copy = self.folder / "copy.db"
        service = self.stopped("--secondary", f"kv=sqlite:{copy}")
        os.truncate(copy, 4096)
        damaged = copy.read_bytes()
        service.start()
        until(lambda: service.secondary()["state"] == "broken", what="the state broken")
        self.assertIn("damaged", service.secondary()["reason"])
        self.assertEqual(service.request("GET", "/readyz").json()["state"], "degraded")
        self.assertEqual(service.get("cities", "c1").json(), {"n": 1})
        self.assertEqual(copy.read_bytes(), damaged)
        copy.unlink()
        self.check_equal(service)


if __name__ == "__main__":
    unittest.main()
