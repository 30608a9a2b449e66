"""History that was lost or replaced is said to be: G6, G11. And whose folder it is."""

import shutil
import unittest

from tests.support.harness import ServiceTest, until


class ReplacedHistory(ServiceTest):
    def restored(self, primary, *flags):
        """A service whose primary was put back to where it stood 1,000 writes earlier."""
        service = self.service(*flags)
        for i in range(200):
            service.put("cities", f"c{i}", {"n": i})
        service.caught_up()
        self.assertEqual(service.stop(), 0)
        place = service.folder / primary
        backup = self.folder / "backup"
        copy = shutil.copytree if place.is_dir() else shutil.copy
        copy(place, backup)
        service.start()
        for i in range(1000):
            answer = service.put("cities", f"late{i}", {"n": i})
        self.last_lost = answer.json()["position"]
        service.caught_up()
        self.assertEqual(service.stop(), 0)
        if place.is_dir():
            shutil.rmtree(place)
        for leftover in service.folder.glob(f"{primary}-*"):
            leftover.unlink()
        copy(backup, place)
        return service.start()

    def check_restored(self, service):
        status = service.status()
        replaced = status["history_replaced"]
        self.assertTrue(replaced)
        self.assertNotEqual(status["position"].split(":")[0], self.last_lost.split(":")[0])
        self.assertEqual(service.metric("keelson_history_replaced_total"), 1)
        self.assertIn("history_replaced", service.log())
        gone = service.request("GET", f"/v1/changes?since={self.last_lost}")
        self.assertEqual((gone.status, gone.json()["code"]), (410, "history_lost"))
        self.assertEqual(gone.json()["oldest"], status["oldest"])
        from_oldest = service.request("GET", f"/v1/changes?since={status['oldest']}")
        self.assertEqual(from_oldest.status, 200)

        until(lambda: service.secondary()["state"] == "confirmation_required",
              what="the state confirmation_required")
        service.put("cities", "after", 1)
        self.assertEqual(service.stop(), 0)
        service.start()
        self.assertEqual(service.get("cities", "late999").status, 404)
        until(lambda: service.secondary()["state"] == "confirmation_required",
              what="the state confirmation_required")
        self.assertFalse(service.status().get("history_replaced") and
                         service.metric("keelson_history_replaced_total"))
        return service

    def test_sqlite_primary_put_back(self):
        self.check_restored(self.restored("primary.db"))

    def test_rocksdb_primary_put_back(self):
        self.check_restored(self.restored("main", "--primary", "rocksdb:main"))


class WhoseFolder(ServiceTest):
    def test_another_primary_on_the_same_folder_is_refused_with_the_way_out(self):
        first = self.service()
        first.put("cities", "a", 1)
        self.assertEqual(first.stop(), 0)
        refused = self.service("--primary", "rocksdb:other", start=False)
        refused.start(wait=False)
        self.assertNotEqual(refused.process.wait(20), 0)
        self.assertIn("--new-log", refused.log())
        self.assertFalse((refused.folder / "other").exists())
        first.start()
        self.assertEqual(first.get("cities", "a").json(), 1)


if __name__ == "__main__":
    unittest.main()
