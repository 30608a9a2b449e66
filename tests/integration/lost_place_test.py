"""The primary's files taken away while they are open: nothing more is acknowledged, nothing is
lost that still can be read."""

import json

from tests.support.harness import ServiceTest, until


class LostPlace(ServiceTest):
    def check(self, primary, names):
        service = self.service("--primary", primary)
        for i in range(50):
            self.assertEqual(service.put("cities", f"{i:02}", {"n": i}).status, 201)
        away = self.folder / "away"
        away.mkdir()
        for name in names:
            if (service.folder / name).exists():
                (service.folder / name).rename(away / name)
        until(lambda: service.request("GET", "/readyz").status == 503, what="the state foreign")
        state = service.status()["primary"]
        self.assertEqual(state["state"], "foreign")
        self.assertIn("removed", service.request("GET", "/readyz").body.decode())
        refused = service.put("cities", "late", 1)
        self.assertEqual((refused.status, refused.json()["code"]), (503, "unavailable"))
        self.assertIn("dump", refused.json()["detail"])
        saved = service.run("dump", "cities").stdout.splitlines()
        self.assertEqual([json.loads(line)["value"]["n"] for line in saved], list(range(50)))

        for name in names:
            if (away / name).exists():
                (away / name).rename(service.folder / name)
        until(lambda: service.request("GET", "/readyz").status == 200, what="the primary's return")
        self.assertEqual(service.put("cities", "late", 1).status, 201)
        service.kill()
        service.start()
        self.assertEqual(service.get("cities", "late").json(), 1)

    def test_a_sqlite_file(self):
        self.check("sqlite:main.db", ["main.db", "main.db-wal", "main.db-shm"])

    def test_a_rocksdb_folder(self):
        self.check("rocksdb:main", ["main"])

    def test_a_leveldb_folder(self):
        self.check("leveldb:main", ["main"])
