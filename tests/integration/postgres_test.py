"""PostgreSQL that stops, hangs, is replaced or taken away, as primary and as secondary: G1, G3, G6, G9."""

import json
import shutil
import unittest

from tests.support.certificates import make_certificate
from tests.support.harness import ServiceTest, until
from tests.support.servers import Postgres
from tests.support.writers import Writers


@unittest.skipIf(Postgres.lack(), Postgres.lack())
class PostgresTest(ServiceTest):
    def server(self, *options):
        made = Postgres(*options)
        self.addCleanup(made.end)
        return made.start()

    def writers(self, service):
        made = Writers(service)
        self.addCleanup(made.end)
        return made

    def check_all(self, service, kept, name="kv"):
        for key, value in kept.items():
            self.assertEqual(service.get("cities", key).json(), value)
        service.caught_up(name)
        until(lambda: service.secondary(name)["state"] == "live", what="the state live")
        report = service.verify()
        self.assertEqual(report["state"], "equal", report)
        for secondary in report["secondaries"]:
            self.assertEqual(secondary["counts"]["equal"], len(kept), secondary)



class Primary(PostgresTest):
    def test_stopped_and_started_under_load_it_loses_nothing(self):
        server = self.server()
        service = self.service("--primary", server.url)
        writers = self.writers(service)
        writers.until_written(20)
        for end in (server.stop, server.kill):
            end()
            writers.until_refused()
            ready = service.request("GET", "/readyz")
            self.assertEqual(ready.status, 503)
            server.start()
            writers.until_written(20)
        kept = writers.end()
        self.assertEqual(writers.faults, [])
        self.assertFalse(service.status().get("history_replaced"))
        self.check_all(service, kept)
        self.assertEqual(service.stop(), 0)
        rows = server.sql("SELECT count(*), count(DISTINCT key), max(sequence) FROM keelson.log")
        self.assertEqual(rows.strip(), "|".join([str(len(kept))] * 3))

    def test_one_that_hangs_gets_clear_answers_and_a_stop_in_time(self):
        server = self.server()
        service = self.service("--primary", server.url)
        self.assertEqual(service.put("cities", "before", 1).status, 201)
        server.freeze()
        refused = service.request("PUT", "/v1/kv/cities/during?timeout=1s", "2")
        self.assertIn(refused.status, (503, 504), refused)
        until(lambda: service.request("GET", "/readyz").status == 503, what="no readiness")
        until(lambda: service.put("cities", "during", 2).status == 503, what="a refusal")
        self.assertEqual(service.get("cities", "before").status, 503)
        server.freeze(False)
        until(lambda: service.put("cities", "after", 3).status == 201, what="a write")
        self.assertEqual(service.get("cities", "before").json(), 1)
        service.caught_up()
        self.assertEqual(service.verify()["state"], "equal")
        server.freeze()
        service.request("PUT", "/v1/kv/cities/last?timeout=1s", "4")
        self.assertIn(service.stop(), (0, 1))  # within 10 s
        server.freeze(False)
        service.start()
        self.assertEqual(service.get("cities", "after").json(), 3)

    def test_somebody_who_writes_fences_the_service_for_a_moment(self):
        server = self.server()
        service = self.service("--primary", server.url)
        self.assertEqual(service.put("cities", "a", 1).status, 201)
        server.sql("UPDATE keelson.meta SET term = term + 10")
        until(lambda: service.put("cities", "b", 2).status == 201, what="a write")
        self.assertGreater(int(server.sql("SELECT term FROM keelson.meta")), 10)
        self.assertEqual(service.get("cities", "a").json(), 1)

    def test_a_second_service_is_told_who_has_it(self):
        server = self.server()
        first = self.service("--primary", server.url, name="one")
        self.assertEqual(first.put("cities", "a", 1).status, 201)
        second = self.service("--primary", server.url, name="two")
        until(lambda: "another process has the store" in
              second.request("GET", "/readyz").body.decode(), what="the reason")
        self.assertEqual(second.put("cities", "a", 2).status, 503)
        self.assertEqual(first.put("cities", "a", 3).status, 200)
        first.kill()
        until(lambda: second.put("cities", "a", 4).status == 200, what="a write of the second")
        self.assertEqual(second.get("cities", "a").json(), 4)

    def test_a_password_is_nowhere_to_be_seen(self):
        server = self.server()
        server.sql("ALTER ROLE keelson PASSWORD 'hunter2'")
        service = self.service("--primary", server.url.replace("keelson@", "keelson:hunter2@"),
                               "--secondary", "copy=postgresql://127.0.0.1:1/x?password=hunter2")
        self.assertEqual(service.put("cities", "a", 1).status, 201)
        until(lambda: service.secondary("copy")["state"] == "broken", what="the state broken")
        server.stop()
        until(lambda: service.put("cities", "b", 2).status == 503, what="a refusal")
        for text in (service.log(), json.dumps(service.status()),
                     service.request("GET", "/readyz").body.decode(),
                     service.put("cities", "b", 2).body.decode()):
            self.assertNotIn("hunter2", text)


class Tls(PostgresTest):
    def test_the_urls_tls_settings_are_kept_to(self):
        server = self.server()
        server.stop()
        key, certificate = server.data / "server.key", server.data / "server.crt"
        make_certificate(certificate, key)
        for each in (key, certificate):
            each.chmod(0o600)
            if server.user:
                shutil.chown(each, server.user)
        trusted = self.folder / "trusted.crt"
        trusted.write_bytes(certificate.read_bytes())
        server.options += ["-c", "ssl=on"]
        server.start()
        url = f"{server.url}?sslmode=verify-full&sslrootcert="
        service = self.service("--primary", url + str(trusted))
        self.assertEqual(service.put("cities", "a", 1).status, 201)
        plain = server.sql("SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                           " WHERE application_name = 'keelson' AND NOT ssl")
        self.assertEqual(plain.strip(), "0")
        self.assertEqual(service.stop(), 0)
        other = self.folder / "other.crt"
        make_certificate(other, self.folder / "other.key")
        service.flags[1] = url + str(other)
        service.start()
        self.assertIn("certificate verify failed", service.request("GET", "/readyz").body.decode())


class StandBy(PostgresTest):
    def pair(self):
        """A primary and a streaming stand-by of it, and a URL that leads to whoever is writable."""
        first = self.server("-c", "wal_level=replica")
        second = first.stand_by()
        self.addCleanup(second.end)
        second.start()
        url = (f"postgresql://keelson@127.0.0.1:{first.port},127.0.0.1:{second.port}/postgres"
               "?target_session_attrs=read-write")
        return first, second, url

    def test_a_fail_over_to_one_that_is_behind_is_replaced_history(self):
        first, second, url = self.pair()
        service = self.service("--primary", url)
        for i in range(100):
            self.assertEqual(service.put("cities", f"c{i}", i).status, 201)
        until(lambda: second.sql("SELECT last_sequence FROM keelson.meta").strip() == "100",
              what="the stand-by's log")
        second.stop()
        for i in range(50):
            lost = service.put("cities", f"late{i}", i)
            self.assertEqual(lost.status, 201)
        lost = lost.json()["position"]
        service.caught_up()
        first.kill()
        second.start()
        second.tool("pg_ctl", "promote", "--wait", "-D", second.data)

        until(lambda: service.put("cities", "after", 1).status == 201, 60, "a write")
        status = service.status()
        self.assertTrue(status["history_replaced"], status)
        self.assertNotEqual(status["position"].split(":")[0], lost.split(":")[0])
        self.assertEqual(service.metric("keelson_history_replaced_total"), 1)
        gone = service.request("GET", f"/v1/changes?since={lost}")
        self.assertEqual((gone.status, gone.json()["code"]), (410, "history_lost"))
        self.assertEqual(service.get("cities", "late1").status, 404)
        self.assertEqual(service.get("cities", "c99").json(), 99)
        # The secondary has what the primary lost: nothing of it is touched before somebody says so.
        until(lambda: service.secondary()["state"] == "confirmation_required",
              what="the state confirmation_required")
        self.assertEqual(service.get("cities", "late1", "?store=kv").json(), 1)

    def test_one_that_is_up_to_date_goes_on_with_the_same_history(self):
        first, second, url = self.pair()
        service = self.service("--primary", url)
        for i in range(50):
            self.assertEqual(service.put("cities", f"c{i}", i).status, 201)
        at = service.settled()
        until(lambda: second.sql("SELECT last_sequence FROM keelson.meta").strip() == "50",
              what="the stand-by's log")
        first.stop()
        second.tool("pg_ctl", "promote", "--wait", "-D", second.data)
        until(lambda: service.put("cities", "after", 1).status == 201, 60, "a write")
        self.assertFalse(service.status().get("history_replaced"))
        self.assertEqual(service.position().split(":")[0], at.split(":")[0])
        service.caught_up()
        self.assertEqual(service.verify()["state"], "equal")

    def test_a_stand_by_is_no_primary_and_says_so(self):
        first, second, _ = self.pair()
        service = self.service("--primary", first.url)
        self.assertEqual(service.put("cities", "a", 1).status, 201)
        self.assertEqual(service.stop(), 0)
        service.flags[1] = second.url
        service.start()
        ready = service.request("GET", "/readyz")
        self.assertEqual(ready.status, 503)
        self.assertIn("stand-by", ready.body.decode())
        first.stop()
        second.tool("pg_ctl", "promote", "--wait", "-D", second.data)
        until(lambda: service.put("cities", "b", 2).status == 201, 60, "a write")
        self.assertEqual(service.get("cities", "a").json(), 1)


class Secondary(PostgresTest):
    def degraded(self, service):
        ready = service.request("GET", "/readyz")
        self.assertEqual(ready.status, 200)
        return ready.json()["state"] == "degraded"

    def test_stopped_and_started_under_load_nobody_notices(self):
        server = self.server()
        service = self.service("--secondary", f"copy={server.url}")
        writers = self.writers(service)
        writers.until_written(20)
        service.caught_up("copy")
        rebuilds = service.metric("keelson_kv_rebuilds_total", secondary="copy")
        for end in (server.stop, server.kill):
            end()
            until(lambda: self.degraded(service), what="the state degraded")
            writers.until_written(50)
            self.assertGreater(service.secondary("copy")["lag_changes"], 0)
            server.start()
            writers.until_written(20)
            until(lambda: not self.degraded(service), what="readiness")
        kept = writers.end()
        self.assertEqual((writers.faults, sum(writers.refused)), ([], 0))
        self.check_all(service, kept, "copy")
        self.assertEqual(service.metric("keelson_kv_rebuilds_total", secondary="copy"), rebuilds)
        self.assertEqual(service.stop(), 0)
        self.assertEqual(server.sql("SELECT count(*) FROM keelson.documents").strip(),
                         str(len(kept)))

    def test_one_that_hangs_holds_nobody_up(self):
        server = self.server()
        service = self.service("--secondary", f"copy={server.url}")
        writers = self.writers(service)
        writers.until_written(20)
        server.freeze()
        until(lambda: self.degraded(service), what="the state degraded")
        writers.until_written(50)
        server.freeze(False)
        until(lambda: not self.degraded(service), what="readiness")
        kept = writers.end()
        self.assertEqual((writers.faults, sum(writers.refused)), ([], 0))
        self.check_all(service, kept, "copy")

    def test_one_that_is_away_is_noticed_though_nobody_writes(self):
        server = self.server()
        service = self.service("--secondary", f"copy={server.url}")
        service.put("cities", "a", 1)
        service.caught_up("copy")
        until(lambda: not self.degraded(service), what="readiness")
        server.stop()
        until(lambda: self.degraded(service), what="the state degraded")
        server.start()
        until(lambda: not self.degraded(service), what="readiness")

    def test_an_edit_by_hand_is_found_and_shown(self):
        server = self.server()
        service = self.service("--secondary", f"copy={server.url}")
        for i in range(50):
            service.put("cities", f"c{i}", {"n": i, "large": 1e300})
        service.caught_up("copy")
        self.assertEqual(service.verify(secondary="copy")["state"], "equal")
        server.sql("UPDATE keelson.documents SET value = jsonb_set(value, '{n}', '7')"
                   " WHERE key = 'c3'; DELETE FROM keelson.documents WHERE key = 'c4'")
        report = service.verify(secondary="copy")
        self.assertEqual(report["state"], "different", report)
        self.assertEqual(report["secondaries"][0]["counts"]["equal"], 48, report)


if __name__ == "__main__":
    unittest.main()
