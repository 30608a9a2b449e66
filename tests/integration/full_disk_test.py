"""The disk beneath a store is full, and has room again: G1, G3, G4, G10."""

import base64
import concurrent.futures
import http.client
import itertools
import json
import random
import unittest

from tests.support.harness import ServiceTest, until
from tests.support.small_disk import SmallDisk

WRITERS = 4
REFUSALS = 25  # of one writer in a row: the disk is not only full for a moment


def value_of(key):
    """64 KiB that no engine makes much smaller."""
    return base64.b64encode(random.Random(key).randbytes(48 << 10)).decode()


class FullDisk(ServiceTest):
    def check_documents(self, service, stored, refused=()):
        for key in stored:
            answer = service.get("cities", key)
            self.assertEqual((answer.status, answer.body.decode().strip('"')), (200, value_of(key)))
        for key in refused:
            self.assertEqual(service.get("cities", key).status, 404)

    def check_equal(self, service, count):
        service.caught_up()
        until(lambda: service.secondary()["state"] == "live", what="the state live")
        report = service.verify()
        self.assertEqual(report["state"], "equal", report)
        self.assertEqual(report["secondaries"][0]["counts"]["equal"], count)


class FullDataFolder(FullDisk):
    def fill(self, service):
        """Writes until the disk is full. The keys that were stored, and those that were refused."""

        def write(writer):
            stored, refused, in_a_row = [], [], 0
            connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
            for i in itertools.count():
                key = f"w{writer}-{i}"
                connection.request("PUT", f"/v1/kv/cities/{key}", json.dumps(value_of(key)),
                                   {"Content-Type": "application/json"})
                answer = connection.getresponse()
                body = answer.read()
                if answer.status == 201:
                    stored.append(key)
                    in_a_row = 0
                    continue
                refused.append(key)
                said = json.loads(body)
                self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
                self.assertIn((answer.status, said["status"], said["code"]),
                              ((507, 507, "storage_full"), (503, 503, "unavailable")), said)
                if answer.status == 503:  # there is room again, and the store is being opened anew
                    until(lambda: service.request("GET", "/readyz").status == 200, what="readiness")
                    continue
                in_a_row += 1
                if in_a_row == REFUSALS:
                    break
            connection.close()
            return stored, refused

        with concurrent.futures.ThreadPoolExecutor() as pool:
            done = list(pool.map(write, range(WRITERS)))
        return [key for one in done for key in one[0]], [key for one in done for key in one[1]]

    def check_primary(self, primary, mebibytes=128):
        disk = SmallDisk(self, mebibytes, ballast=mebibytes - 64)
        service = self.service("--primary", primary, name="disk/data", start=False)
        service.log_path = self.folder / "service.log"
        service.start()
        stored, refused = self.fill(service)
        self.assertGreater(len(stored), 50)
        self.assertGreaterEqual(service.metric("keelson_writer_refusals_total", code="storage_full"),
                                WRITERS * REFUSALS)
        self.check_documents(service, stored, refused)
        self.assertEqual(service.request("GET", "/readyz").status, 200)

        disk.make_room()
        until(lambda: service.put("cities", "after", value_of("after")).status in (200, 201),
              what="a write that is stored")
        stored.append("after")
        until(lambda: service.get("cities", "after").status == 200, what="reads")
        self.check_documents(service, stored, refused)
        self.check_equal(service, len(stored))
        self.assertEqual(service.stop(), 0)
        service.start()
        self.check_documents(service, stored, refused)
        self.check_equal(service, len(stored))
        self.assertEqual(service.stop(), 0)

    def test_with_a_sqlite_primary(self):
        self.check_primary("sqlite:primary.db")

    def test_with_a_rocksdb_primary(self):
        self.check_primary("rocksdb:main")

    def test_with_a_leveldb_primary(self):
        # Its compactions take several times the room of what they compact.
        self.check_primary("leveldb:main", mebibytes=256)


class FullSecondary(FullDisk):
    def check_secondary(self, engine):
        disk = SmallDisk(self, 192, ballast=160)
        service = self.service("--secondary", f"kv={engine}:{disk.path}/kv")
        stored = []

        def put():
            key = f"c{len(stored)}"
            self.assertEqual(service.put("cities", key, value_of(key)).status, 201)
            stored.append(key)

        def is_broken():
            put()
            return service.secondary()["state"] == "broken"

        until(is_broken, 60, "the state broken")
        self.assertRegex(service.secondary()["reason"], "full|No space left")
        ready = service.request("GET", "/readyz")
        self.assertEqual((ready.status, ready.json()["state"]), (200, "degraded"))
        for _ in range(50):
            put()
        until(lambda: service.metric("keelson_kv_lag_changes") >= 50, what="the lag in the metrics")
        self.check_documents(service, stored)

        disk.make_room()
        self.check_equal(service, len(stored))
        self.assertEqual(service.request("GET", "/readyz").json()["state"], "ready")
        self.assertEqual(service.stop(), 0)

    def test_a_rocksdb_secondary(self):
        self.check_secondary("rocksdb")

    def test_a_leveldb_secondary(self):
        self.check_secondary("leveldb")

    def test_a_sqlite_secondary(self):
        self.check_secondary("sqlite")


if __name__ == "__main__":
    unittest.main()
