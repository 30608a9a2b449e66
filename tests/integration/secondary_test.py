"""A secondary that is gone, foreign or comes back empty: G3, G4, G11."""

import shutil
import sqlite3
import unittest

from tests.support.harness import ServiceTest, until


class SecondaryInTrouble(ServiceTest):
    def test_a_file_in_its_place_degrades_and_an_empty_place_is_rebuilt(self):
        service = self.service()
        for i in range(500):
            self.assertEqual(service.put("cities", f"c{i}", {"n": i}).status, 201)
        service.caught_up()
        self.assertEqual(service.stop(), 0)
        place = service.folder / "kv"
        shutil.rmtree(place)
        place.write_text("not a database")
        service.start()
        for i in range(500):
            self.assertEqual(service.put("cities", f"c{i}", {"n": i + 1}).status, 200)
        ready = service.request("GET", "/readyz")
        self.assertEqual(ready.status, 200)
        self.assertIn("degraded", ready.body.decode())
        self.assertTrue(until(lambda: service.secondary()["reason"], what="a reason"))
        self.assertEqual(place.read_text(), "not a database")
        place.unlink()
        service.caught_up()
        report = service.verify()
        self.assertEqual(report["state"], "equal", report)
        self.assertEqual(report["secondaries"][0]["counts"]["equal"], 500)

    def test_a_folder_deleted_while_the_service_is_down_is_filled_again(self):
        service = self.service()
        for i in range(300):
            service.put("cities", f"c{i}", i)
        service.caught_up()
        self.assertEqual(service.stop(), 0)
        shutil.rmtree(service.folder / "kv")
        service.start()
        service.caught_up()
        self.assertEqual(service.verify()["secondaries"][0]["counts"]["equal"], 300)

    def test_somebody_elses_database_is_refused_and_untouched(self):
        foreign = self.folder / "theirs.db"
        with sqlite3.connect(foreign) as theirs:
            theirs.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, what TEXT)")
            theirs.execute("INSERT INTO orders VALUES (1, 'a keel')")
        theirs.close()
        before = foreign.read_bytes()
        service = self.service("--secondary", f"copy=sqlite:{foreign}")
        service.put("cities", "a", 1)
        until(lambda: service.secondary("copy")["state"] == "foreign", what="the state foreign")
        self.assertIn("reason", service.secondary("copy"))
        self.assertEqual(service.request("GET", "/readyz").status, 200)
        self.assertEqual(service.stop(), 0)
        self.assertEqual(foreign.read_bytes(), before)

    def test_another_services_secondary_is_refused(self):
        first = self.service("--secondary", f"copy=sqlite:{self.folder / 'copy.db'}", name="one")
        first.put("cities", "a", 1)
        first.caught_up("copy")
        self.assertEqual(first.stop(), 0)
        second = self.service("--secondary", f"copy=sqlite:{self.folder / 'copy.db'}", name="two")
        until(lambda: second.secondary("copy")["state"] == "foreign", what="the state foreign")


if __name__ == "__main__":
    unittest.main()
