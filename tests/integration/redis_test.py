"""Redis as a secondary: its server dies, forgets, is edited behind Keelson's back, wants a login and
TLS, and is switched by a sentinel."""

import json
import threading
import unittest

from tests.support.certificates import make_certificate
from tests.support.harness import ServiceTest, until
from tests.support.servers import Redis, RedisSentinel, free_port

DOCUMENTS = 500
# All that a user needs.
RIGHTS = [f"+{command}" for command in (
    "info", "select", "multi", "exec", "watch", "unwatch", "scan", "dbsize", "del", "hset", "hmget",
    "hstrlen", "zadd", "zrem", "zcard", "zscore", "zrange", "zrangebylex", "zrevrangebylex")]


@unittest.skipIf(Redis.lack(), Redis.lack())
class OnRedis(ServiceTest):
    def server(self, *options, **more):
        made = Redis(*options, **more)
        self.addCleanup(made.end)
        return made.start()

    def beside(self, url, name="data"):
        return self.service("--secondary", f"copy={url}", name=name)

    def fill(self, service, count=DOCUMENTS):
        operations = [{"op": "put", "collection": "cities", "key": f"c{i}", "value": {"n": i}}
                      for i in range(count)]
        answer = service.request("POST", "/v1/batch", {"operations": operations})
        self.assertEqual(answer.status, 200, answer)
        service.caught_up("copy")

    def until_state(self, service, *states):
        until(lambda: service.secondary("copy")["state"] in states, 60,
              f"{states}: {service.secondary('copy')}")

    def until_settled(self, service):
        """A full comparison has ended what the store was in doubt of."""
        until(lambda: "event=in_doubt" in service.log(), what="a doubt")
        until(lambda: "event=pass_ended" in service.log()
              and not service.secondary("copy").get("reason"), what="its end")

    def check_equal(self, service):
        service.caught_up("copy")
        until(lambda: not service.secondary("copy").get("reason"), 60, "nothing in doubt")
        report = service.verify()
        self.assertEqual(report["state"], "equal", report)


class Restarts(OnRedis):
    def test_a_server_that_is_killed_under_load_and_comes_back_is_compared_and_equal(self):
        server = self.server("--appendonly", "yes", "--appendfsync", "everysec")
        service = self.beside(server.url)
        self.fill(service)
        ending, acknowledged = threading.Event(), []

        def write():
            while not ending.is_set():
                number = len(acknowledged)
                answer = service.put("load", f"k{number % 700}", number)
                acknowledged.append(answer.status)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            until(lambda: len(acknowledged) > 200, what="some load")
            server.kill()
            self.until_state(service, "broken")
            before = len(acknowledged)
            until(lambda: len(acknowledged) > before + 200, what="load without the server")
            server.start()
            self.until_state(service, "live")
        finally:
            ending.set()
            writer.join()
        self.assertLessEqual(set(acknowledged), {200, 201})
        self.until_settled(service)
        self.assertIn("the server was started anew", service.log())
        self.check_equal(service)
        # What was settled stays so when the service is started again.
        passes = service.log().count("event=in_doubt")
        self.assertEqual(service.stop(), 0)
        service.start()
        self.check_equal(service)
        self.assertEqual(service.log().count("event=in_doubt"), passes)

    def test_a_server_that_keeps_nothing_is_filled_again(self):
        server = self.server()
        service = self.beside(server.url)
        self.fill(service)
        server.kill()
        self.until_state(service, "broken")
        server.start()
        self.until_state(service, "live")
        self.check_equal(service)
        self.assertEqual(server.cli("ZCARD", "keelson:.keys:cities"), str(DOCUMENTS))

    def test_flushall_is_noticed_without_a_write_and_filled_again(self):
        server = self.server()
        service = self.beside(server.url)
        self.fill(service)
        server.cli("FLUSHALL")
        until(lambda: server.cli("ZCARD", "keelson:.keys:cities") == str(DOCUMENTS),
              what="the documents again")
        self.check_equal(service)


class BehindTheBack(OnRedis):
    def test_edits_are_found_by_reads_and_by_verify(self):
        server = self.server()
        service = self.beside(server.url)
        self.fill(service)
        server.cli("SET", "theirs", "1")
        server.cli("HSET", "keelson:cities:c7", "value", '{"n":-1}')
        answer = service.get("cities", "c7", "?verify=wait")
        self.assertEqual(answer.headers["Keelson-Consistency"], "copy=different")
        self.assertEqual(answer.json(), {"n": 7})
        server.cli("DEL", "keelson:cities:c8")
        server.cli("SET", "keelson:cities:c8", "no hash")
        server.cli("HSET", "keelson:cities:zzz", "value", "1", "version", "1")
        report = service.verify()
        self.assertEqual(sorted((d["key"], d["kind"]) for d in report["differences"]),
                         [("c7", "differing"), ("c8", "stale"), ("zzz", "surplus")])

    def test_a_document_that_expires_is_compared_without_being_asked_to(self):
        server = self.server()
        service = self.beside(server.url)
        self.fill(service)
        server.cli("PEXPIRE", "keelson:cities:c3", "1")
        self.until_settled(service)
        until(lambda: service.metric("keelson_data_inconsistencies_total", kind="missing") == 1,
              what="the difference")


class Connections(OnRedis):
    def test_a_wrong_password_is_said_and_never_shown(self):
        server = self.server("--requirepass", "right-word")
        service = self.beside(f"redis://:wrong-word@127.0.0.1:{server.port}")
        self.until_state(service, "broken")
        self.assertIn("WRONGPASS", service.secondary("copy")["reason"])
        self.assertEqual(service.put("cities", "a", 1).status, 201)
        self.assertNotIn("wrong-word", service.log() + json.dumps(service.status()))

    def test_tls_with_certificates_of_both_sides_and_a_user_of_few_rights(self):
        keys = {name: str(self.folder / name) for name in ("cert.pem", "key.pem")}
        make_certificate(keys["cert.pem"], keys["key.pem"])
        port = free_port()
        server = self.server(
            "--port", "0", "--tls-port", str(port), "--tls-cert-file", keys["cert.pem"],
            "--tls-key-file", keys["key.pem"], "--tls-ca-cert-file", keys["cert.pem"], port=port)
        secure = ("--tls", "--cacert", keys["cert.pem"], "--cert", keys["cert.pem"], "--key",
                  keys["key.pem"])
        server.cli("ACL", "SETUSER", "app", "on", ">word", "~keelson:*", *RIGHTS, options=secure)
        files = (f"cacert={keys['cert.pem']}&cert={keys['cert.pem']}&key={keys['key.pem']}")
        service = self.beside(f"rediss://app:word@localhost:{port}/0?{files}")
        self.fill(service)
        self.check_equal(service)
        self.assertEqual(server.cli(
            "HGET", "keelson:cities:c1", "value", options=secure), '{"n":1}')
        untrusted = self.beside(f"rediss://app:word@localhost:{port}/0", name="untrusted")
        self.until_state(untrusted, "broken")
        self.assertIn("certificate", untrusted.secondary("copy")["reason"])

    def test_the_master_is_asked_of_the_sentinels_and_followed(self):
        first = self.server()
        second = self.server("--replicaof", "127.0.0.1", str(first.port))
        sentinel = RedisSentinel(first)
        self.addCleanup(sentinel.end)
        sentinel.start()
        until(lambda: "slave0" in first.cli("INFO", "replication"), what="the replica")
        until(lambda: f"{second.port}" in sentinel.cli("SENTINEL", "replicas", "keelson"),
              what="the sentinel's replica")
        url = f"redis://127.0.0.1:{free_port()},127.0.0.1:{sentinel.port}/0?sentinel=keelson"
        service = self.beside(url)
        self.fill(service)
        until(lambda: second.cli("HGET", "keelson:cities:c9", "value") == '{"n":9}',
              what="the replica's copy")
        first.kill()
        until(lambda: str(second.port) in sentinel.cli("SENTINEL", "get-master-addr-by-name", "keelson"),
              60, "the switch")
        self.assertEqual(service.put("cities", "after", 1).status, 201)
        self.until_state(service, "live")
        self.check_equal(service)
        self.assertEqual(second.cli("HGET", "keelson:cities:after", "value"), "1")

    def test_a_server_that_lets_keys_go_is_refused_with_that_reason(self):
        server = self.server("--maxmemory-policy", "allkeys-lru")
        service = self.beside(server.url)
        self.until_state(service, "broken")
        self.assertIn("maxmemory-policy is 'allkeys-lru'", service.secondary("copy")["reason"])
        self.assertEqual(server.cli("DBSIZE"), "0")
        server.cli("CONFIG", "SET", "maxmemory-policy", "noeviction")
        self.until_state(service, "live")


if __name__ == "__main__":
    unittest.main()
