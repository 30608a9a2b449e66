"""A secondary changed behind Keelson's back is noticed, and nothing else is: G7."""

import concurrent.futures
import http.client
import itertools
import json
import random
import sqlite3
import threading
import unittest

from tests.bench.run import fill, wrk
from tests.support.harness import FULL, ServiceTest, until

DOCUMENTS = 2000
CHECKS = 20_000
CHECKS_UNDER_FULL_LOAD, SECONDS = (1_000_000, 10) if FULL else (20_000, 2)


class BehindTheBack(ServiceTest):
    def setUp(self):
        super().setUp()
        self.copy = self.folder / "copy.db"
        self.running = self.service("--secondary", f"copy=sqlite:{self.copy}",
                                    "--validator-checks-per-second", "100000")
        operations = [{"op": "put", "collection": "cities", "key": f"c{i}", "value": {"n": i}}
                      for i in range(DOCUMENTS)]
        for first in range(0, DOCUMENTS, 1000):
            answer = self.running.request("POST", "/v1/batch",
                                          {"operations": operations[first:first + 1000]})
            self.assertEqual(answer.status, 200, answer)
        self.running.caught_up("copy")

    def edit(self, statement):
        with sqlite3.connect(self.copy, timeout=30) as copy:
            self.assertEqual(copy.execute(statement).rowcount, 1)
        copy.close()

    def test_an_edit_is_reported_on_the_next_read_and_by_verify(self):
        service = self.running
        self.edit("""UPDATE documents SET value = '{"n":-1}' WHERE key = 'c7'""")
        answer = service.get("cities", "c7", "?verify=wait")
        self.assertEqual(answer.headers["Keelson-Consistency"], "copy=different")
        self.assertEqual(answer.json(), {"n": 7})
        self.assertEqual(service.get("cities", "c8", "?verify=wait").headers["Keelson-Consistency"],
                         "copy=equal")
        until(lambda: service.metric("keelson_open_differences") == 1, what="the metric")
        self.assertEqual(service.metric("keelson_data_inconsistencies_total", kind="differing"), 1)
        self.assertIn("kind=differing", service.log())
        self.assertEqual(service.status()["validator"]["open_differences_total"], 1)
        report = service.verify()
        self.assertEqual(report["state"], "different")
        self.assertEqual([(d["key"], d["kind"]) for d in report["differences"]], [("c7", "differing")])
        self.assertEqual(report["secondaries"][0]["counts"]["equal"], DOCUMENTS - 1)

    def test_async_checks_find_it_too(self):
        service = self.running
        self.edit("DELETE FROM documents WHERE key = 'c9'")
        service.get("cities", "c9")
        until(lambda: service.metric("keelson_data_inconsistencies_total", kind="missing") == 1,
              what="the difference")

    def test_verify_finds_each_kind(self):
        self.edit("DELETE FROM documents WHERE key = 'c1'")
        self.edit("UPDATE documents SET key = 'zzz' WHERE key = 'c2'")
        self.edit("""UPDATE documents SET value = '[]' WHERE key = 'c3'""")
        report = self.running.verify()
        self.assertEqual(sorted((d["key"], d["kind"]) for d in report["differences"]),
                         [("c1", "missing"), ("c2", "missing"), ("c3", "differing"),
                          ("zzz", "surplus")])

    def test_checked_reads_under_write_load_report_nothing(self):
        service = self.running
        stop = threading.Event()

        def write(seed):
            draw = random.Random(seed)
            connection = http.client.HTTPConnection("127.0.0.1", service.port)
            for count in itertools.count():
                if stop.is_set():
                    connection.close()
                    return count
                key = f"/v1/kv/cities/c{draw.randrange(DOCUMENTS)}"
                if draw.random() < 0.1:
                    connection.request("DELETE", key)
                else:
                    connection.request("PUT", key, json.dumps({"n": draw.random()}),
                                       {"Content-Type": "application/json"})
                connection.getresponse().read()

        def read(seed):
            draw = random.Random(seed)
            connection = http.client.HTTPConnection("127.0.0.1", service.port)
            for count in itertools.count():
                if stop.is_set():
                    connection.close()
                    return count
                connection.request("GET", f"/v1/kv/cities/c{draw.randrange(DOCUMENTS)}")
                connection.getresponse().read()

        with concurrent.futures.ThreadPoolExecutor() as pool:
            writers = [pool.submit(write, seed) for seed in range(2)]
            readers = [pool.submit(read, 10 + seed) for seed in range(4)]
            try:
                until(lambda: service.status()["validator"]["checks"] >= CHECKS, 800,
                      f"{CHECKS} checked reads")
                report = service.verify()
            finally:
                stop.set()
            print(f"checks={CHECKS} reads={sum(one.result() for one in readers)}"
                  f" writes={sum(one.result() for one in writers)}", flush=True)
        self.assertIn(report["state"], ("equal", "incomplete"), report)
        self.assertEqual(report["secondaries"][0]["counts"]["different"], 0)
        self.assertEqual(service.metric("keelson_data_inconsistencies_total"), 0)
        service.caught_up("copy")
        self.assertEqual(service.verify()["state"], "equal")

    def test_checked_reads_under_all_the_load_there_can_be_report_nothing(self):
        service = self.running
        fill(service, DOCUMENTS)
        service.caught_up("copy")
        rates = []

        def load(script):
            return wrk(service, script, SECONDS, DOCUMENTS, connections=16)

        with concurrent.futures.ThreadPoolExecutor() as pool:
            while service.status()["validator"]["checks"] < CHECKS_UNDER_FULL_LOAD:
                rates.append([figures[0] for figures in pool.map(load, ["get.lua", "put.lua"])])
        results = {result: int(service.metric("keelson_comparisons_total", result=result))
                   for result in ("equal", "pending", "different", "unknown")}
        reads, writes = (round(sum(column) / len(rates)) for column in zip(*rates))
        print(f"{results} reads/s={reads} writes/s={writes}"
              f" let_go={service.status()['validator']['checks_let_go']}", flush=True)
        self.assertEqual((results["different"], results["unknown"]), (0, 0))
        self.assertEqual(service.metric("keelson_data_inconsistencies_total"), 0)
        service.caught_up("copy")
        self.assertEqual(service.verify()["state"], "equal")


if __name__ == "__main__":
    unittest.main()
