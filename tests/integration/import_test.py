"""keelson import: other people's rows become documents, are compared, and an import that is cut
off goes on."""

import datetime
import json
import os
import signal
import sqlite3
import subprocess

import bson
import pymongo

from tests.support.harness import BINARY, ServiceTest, cities_file, read_cities, until
from tests.support.servers import Mongo, Postgres, Redis

COUNT = 20_000


class Import(ServiceTest):
    def shop(self, *statements, name="shop.db"):
        path = self.folder / name
        db = sqlite3.connect(path)
        for statement in statements:
            db.execute(statement)
        db.commit()
        self.addCleanup(db.close)
        return path, db

    def arguments(self, service, source, *more):
        return [BINARY, "import", source, "--url", service.url, "--json", *more]

    def run_import(self, service, source, *more):
        state = os.environ | {"XDG_STATE_HOME": str(self.folder / "state")}
        return subprocess.run(self.arguments(service, source, *more), capture_output=True, text=True,
                              env=state, timeout=120)

    def documents(self, service, collection):
        lines = service.run("dump", collection).stdout.splitlines()
        return {line["key"]: line["value"] for line in map(json.loads, lines)}

    def test_a_sqlite_table(self):
        path, db = self.shop(
            'CREATE TABLE "odd ""names"(id INTEGER PRIMARY KEY, name TEXT, price REAL, "a.b" JSON, image '
            "BLOB, none)",
            """INSERT INTO "odd ""names" VALUES
               (1, 'Café "Ä"', 2.5, '{"b":1,"a":[1.0,null]}', x'00ff', NULL),
               (-7, 'line
break', 1e300, 'no json', NULL, 9223372036854775807)""")
        before = path.read_bytes()
        service = self.service()
        done = self.run_import(service, f"sqlite:{path}", "--from", 'odd "names', "--collection", "odd",
                               "--key", "id")
        self.assertEqual(done.returncode, 0, done.stderr)
        summary = json.loads(done.stdout)
        self.assertEqual({name: summary[name] for name in
                          ("read", "written", "failed", "equal", "missing", "different")},
                         {"read": 2, "written": 2, "failed": 0, "equal": 2, "missing": 0, "different": 0})
        self.assertEqual(self.documents(service, "odd"), {
            "1": {"id": 1, "name": 'Café "Ä"', "price": 2.5, "a.b": {"b": 1, "a": [1, None]},
                  "image": "\\x00ff", "none": None},
            "-7": {"id": -7, "name": "line\nbreak", "price": 1e300, "a.b": "no json", "image": None,
                   "none": 9223372036854775807}})
        self.assertEqual(path.read_bytes(), before)
        db.execute("SELECT 1")

    def test_rows_that_are_no_documents_are_told_and_the_others_copied(self):
        path, _ = self.shop("CREATE TABLE t(k TEXT, v)",
                            "INSERT INTO t VALUES ('a', 1), ('b', 2), ('b', 3), (NULL, 4), (NULL, 5), "
                            "('', 6), ('c', CAST(x'ff' AS TEXT)), ('d', 9e999), ('e', 7)")
        service = self.service()
        done = self.run_import(service, f"sqlite:{path}", "--from", "t", "--collection", "t", "--key", "k")
        self.assertEqual(done.returncode, 1)
        summary = json.loads(done.stdout)
        self.assertEqual((summary["written"], summary["failed"], summary["equal"]), (3, 5, 3), done.stderr)
        self.assertEqual((summary["missing"], summary["different"]), (0, 0))
        for reason in ("b: another row has the same k", "2 rows: have no k", 'c: the column "v"',
                       'd: the column "v"', "invalid_key"):
            self.assertIn(reason, done.stderr)
        self.assertEqual(sorted(self.documents(service, "t")), ["a", "b", "e"])

    def test_what_cannot_be_read_is_said_before_anything_is_sent(self):
        path, _ = self.shop("CREATE TABLE t(k, v)")
        service = self.service()
        start = service.position()
        url = f"sqlite:{path}"
        for source, more, reason in (
                (url, ("--from", "x", "--key", "k"), "no such table"),
                (url, ("--from", "t", "--key", "id"), "has no column 'id'; it has k, v"),
                (url, ("--key", "k"), "--from"),
                (f"sqlite:{self.folder}/none.db", ("--from", "t", "--key", "k"), "none.db"),
                ("ndjson:/none.ndjson", ("--key", "k"), "/none.ndjson"),
                ("rocksdb:kv", ("--key", "k"), "nothing can be imported"),
                ("oracle:x", ("--key", "k"), "oracle")):
            with self.subTest(source=source, more=more):
                done = self.run_import(service, source, "--collection", "t", *more)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(reason, done.stderr)
        self.assertEqual(service.position(), start)

    def test_differences_are_found(self):
        """Of rows that are others when they are read again."""
        path, _ = self.shop(
            "CREATE VIEW restless AS SELECT 'same' AS k, 1 AS v UNION ALL SELECT 'other', random()",
            "CREATE VIEW moving AS SELECT hex(randomblob(8)) AS k, 1 AS v")
        service = self.service()
        for table, expected in (("restless", (1, 0, 1)), ("moving", (0, 1, 0))):
            done = self.run_import(service, f"sqlite:{path}", "--from", table, "--collection", table,
                                   "--key", "k")
            self.assertEqual(done.returncode, 1, done.stderr)
            summary = json.loads(done.stdout)
            self.assertEqual(tuple(summary[name] for name in ("equal", "missing", "different")), expected)
        self.assertIn(": missing", done.stderr)

    def start_import(self, service, source, *more):
        state = os.environ | {"XDG_STATE_HOME": str(self.folder / "state")}
        return subprocess.Popen(self.arguments(service, source, *more), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env=state)

    def check_resumed(self, source, *more):
        """Killed after each page it kept: every row is there in the end, and was read about once."""
        service = self.service()
        states = self.folder / "state" / "keelson"
        cuts = 0
        for _ in range(60):
            def kept():
                return [path.read_bytes() for path in states.glob("cities-*.keelson-import")]
            before = kept()
            copy = self.start_import(service, source, "--collection", "cities", *more)
            until(lambda: copy.poll() is not None or kept() not in (before, []), what="progress")
            if copy.poll() is None:
                copy.send_signal(signal.SIGINT if cuts % 2 else signal.SIGKILL)
                cuts += 1
            out, err = copy.communicate(timeout=60)
            if copy.returncode in (0, 1):
                break
            self.assertIn(copy.returncode, (-signal.SIGKILL, 130), err)
        self.assertGreater(cuts, 2)
        self.assertEqual(copy.returncode, 0, err)
        summary = json.loads(out)
        self.assertEqual((summary["read"], summary["equal"]), (COUNT, COUNT))
        self.assertEqual(kept(), [])
        return self.documents(service, "cities")

    def test_a_file_goes_on_where_it_was_cut_off(self):
        file = cities_file(self.folder, COUNT)
        self.assertEqual(self.check_resumed(f"ndjson:{file}", "--key", "id"), read_cities(file))

    def test_a_table_goes_on_where_it_was_cut_off(self):
        cities = read_cities(cities_file(self.folder, COUNT))
        path, db = self.shop("CREATE TABLE cities(id TEXT PRIMARY KEY, city JSON) WITHOUT ROWID")
        db.executemany("INSERT INTO cities VALUES (?, ?)",
                       ((key, json.dumps(city)) for key, city in cities.items()))
        db.commit()
        found = self.check_resumed(f"sqlite:{path}", "--from", "cities", "--key", "id")
        self.assertEqual(found, {key: {"id": key, "city": city} for key, city in cities.items()})

    def postgres(self):
        if Postgres.lack():
            self.skipTest(Postgres.lack())
        server = Postgres()
        self.addCleanup(server.end)
        return server.start()

    def test_a_postgresql_table(self):
        server = self.postgres()
        server.sql("""CREATE SCHEMA "Shop"; CREATE TABLE "Shop"."Orders"(
            "No" numeric PRIMARY KEY, placed timestamptz, paid boolean, lines jsonb, total numeric(12, 2),
            image bytea, note text);
            INSERT INTO "Shop"."Orders" VALUES
            (1.50, '2026-01-02T03:04:05Z', true, '[{"b": 1, "a": 2}]', 12.5, '\\x00ff', E'é\\n"'),
            (2, NULL, NULL, NULL, NULL, NULL, NULL);
            CREATE TABLE doubles(k text, v int);
            INSERT INTO doubles VALUES ('a', 1), ('a', 2), ('b', 3), (NULL, 4)""")
        service = self.service()
        done = self.run_import(service, server.url, "--from", '"Shop"."Orders"', "--collection", "orders",
                               "--key", "No")
        self.assertEqual(done.returncode, 0, done.stderr)
        found = self.documents(service, "orders")
        self.assertEqual(sorted(found), ["1.50", "2"])
        placed = found["1.50"].pop("placed")
        self.assertTrue(placed.startswith("2026-01-0"), placed)
        self.assertEqual(found["1.50"], {
            "No": 1.5, "paid": True, "lines": [{"a": 2, "b": 1}], "total": 12.5,
            "image": "\\x00ff", "note": 'é\n"'})

        done = self.run_import(service, server.url, "--from", "doubles", "--collection", "doubles",
                               "--key", "k")
        self.assertEqual(done.returncode, 1)
        summary = json.loads(done.stdout)
        self.assertEqual((summary["equal"], summary["failed"]), (2, 2), done.stderr)
        self.assertIn("a: another row has the same k", done.stderr)
        self.assertIn("1 rows: have no k", done.stderr)
        for table, key, reason in (("nobody", "k", "there is no table"),
                                   ("doubles", "id", "has no column 'id'; it has k, v")):
            done = self.run_import(service, server.url, "--from", table, "--collection", "x", "--key", key)
            self.assertEqual(done.returncode, 2)
            self.assertIn(reason, done.stderr)

    def test_a_postgresql_table_goes_on_where_it_was_cut_off(self):
        server = self.postgres()
        server.sql(f"""CREATE TABLE cities(id bigint PRIMARY KEY, name text);
            INSERT INTO cities SELECT i, 'city ' || i FROM generate_series(1, {COUNT}) i; ANALYZE""")
        found = self.check_resumed(server.url, "--from", "cities", "--key", "id")
        self.assertEqual(found, {str(i): {"id": i, "name": f"city {i}"} for i in range(1, COUNT + 1)})

    def test_keys_of_redis(self):
        if Redis.lack():
            self.skipTest(Redis.lack())
        server = Redis()
        self.addCleanup(server.end)
        server.start()
        server.cli("SET", "city:1", '{"name":"Paris","b":1,"a":2.50}')
        server.cli("SET", "city:text", "no json")
        server.cli("SET", "city:bytes", "\udcff")
        server.cli("HSET", "city:hash", "name", "Ä", "n", "1")
        server.cli("RPUSH", "city:list", "b", "a")
        server.cli("SADD", "city:set", "b", "a")
        server.cli("ZADD", "city:sorted", "1.5", "b", "2", "a")
        server.cli("XADD", "city:stream", "*", "a", "b")
        server.cli("SET", "other", "1")
        server.cli("EVAL", "for i = 1, 5000 do redis.call('SET', 'many:' .. i, i) end", "0")
        service = self.service()
        done = self.run_import(service, server.url, "--from", "city:*", "--collection", "cities")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stdout)["failed"], 2, done.stderr)
        self.assertIn("city:stream: a stream", done.stderr)
        self.assertIn("city:bytes", done.stderr)
        self.assertEqual(self.documents(service, "cities"), {
            "1": {"a": 2.5, "b": 1, "name": "Paris"}, "text": "no json", "hash": {"name": "Ä", "n": "1"},
            "list": ["b", "a"], "set": ["a", "b"], "sorted": {"b": 1.5, "a": 2}})
        done = self.run_import(service, server.url, "--from", "many:*", "--collection", "many")
        self.assertEqual((done.returncode, json.loads(done.stdout)["missing"]), (0, 0), done.stderr)
        self.assertEqual(self.documents(service, "many"), {str(i): i for i in range(1, 5001)})
        done = self.run_import(service, server.url, "--from", "*", "--collection", "x", "--key", "id")
        self.assertEqual(done.returncode, 2)
        self.assertIn("leave --key away", done.stderr)

    def mongo(self):
        """A database of somebody else's, and its URL."""
        if Mongo.lack():
            self.skipTest(Mongo.lack())
        server = Mongo(kept=False)
        self.addCleanup(server.end)
        server.start()
        client = pymongo.MongoClient(f"mongodb://127.0.0.1:{server.port}")
        self.addCleanup(client.close)
        return client.shop, server.fresh_url("shop")

    def test_a_mongodb_collection(self):
        shop, url = self.mongo()
        oid = bson.ObjectId("5f0000000000000000000001")
        shop.orders.insert_many([
            {"_id": 7, "total": 2.5, "big": bson.Int64(2**53 + 1), "lines": [{"b": 1, "a": None}]},
            {"_id": "text", "when": datetime.datetime(2026, 1, 2, 3, 4, 5), "exact": bson.Decimal128("1.10")},
            {"_id": oid, "image": b"\0\xff", "no": "A1"},
            {"_id": 1.5}])
        service = self.service()
        done = self.run_import(service, url, "--from", "orders", "--collection", "orders")
        self.assertEqual(done.returncode, 1, done.stderr)
        summary = json.loads(done.stdout)
        self.assertEqual((summary["equal"], summary["failed"]), (3, 1), done.stderr)
        self.assertEqual(self.documents(service, "orders"), {
            "7": {"_id": 7, "total": 2.5, "big": 2**53 + 1, "lines": [{"b": 1, "a": None}]},
            "text": {"_id": "text", "when": {"$date": "2026-01-02T03:04:05Z"},
                     "exact": {"$numberDecimal": "1.10"}},
            str(oid): {"_id": {"$oid": str(oid)}, "no": "A1",
                       "image": {"$binary": {"base64": "AP8=", "subType": "00"}}}})
        done = self.run_import(service, url, "--from", "orders", "--collection", "by_no", "--key", "no")
        self.assertEqual(json.loads(done.stdout)["failed"], 3, done.stderr)
        self.assertEqual(list(self.documents(service, "by_no")), ["A1"])
        done = self.run_import(service, url, "--from", "none", "--collection", "x")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no document in a collection 'none'", done.stderr)

    def test_a_mongodb_collection_goes_on_where_it_was_cut_off(self):
        shop, url = self.mongo()
        half = COUNT // 2
        shop.cities.insert_many({"_id": i, "n": i} for i in range(half))
        shop.cities.insert_many({"_id": f"k{i:05}", "n": i} for i in range(half))
        found = self.check_resumed(url, "--from", "cities")
        self.assertEqual(len(found), COUNT)
        self.assertEqual({document["n"] for document in found.values()}, set(range(half)))

    def test_it_waits_for_a_service_that_starts_again(self):
        file = cities_file(self.folder, 3000)
        service = self.service()
        service.kill()
        copy = self.start_import(service, f"ndjson:{file}", "--collection", "cities", "--key", "id")
        self.assertIn("waiting", copy.stderr.readline())
        service.start()
        out, err = copy.communicate(timeout=60)
        self.assertEqual(copy.returncode, 0, err)
        self.assertEqual(json.loads(out)["equal"], 3000)
