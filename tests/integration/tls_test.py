"""TLS: every transport over it, certificates renewed by SIGHUP, and what is not TLS."""

import asyncio
import http.client
import json
import select
import signal
import socket
import ssl
import subprocess

import websockets

from tests.support.certificates import make_certificate
from tests.support.harness import BINARY, ServiceTest, Subscriber, cities_file, until

LARGE = {"text": "Größe " * 60_000}  # nearly a MiB as it is sent, so that an answer is many records


class Tls(ServiceTest):
    def setUp(self):
        super().setUp()
        self.certificate, self.key = self.folder / "cert.pem", self.folder / "key.pem"
        self.make_keys("first")

    def make_keys(self, name):
        make_certificate(self.certificate, self.key, name)

    def encrypted(self, *flags):
        return self.service("--tls-certificate", str(self.certificate), "--tls-key", str(self.key),
                            *flags)

    def trust(self):
        return ssl.create_default_context(cafile=self.certificate)

    def connect(self, service, trust=None):
        made = http.client.HTTPSConnection("localhost", service.port, timeout=20,
                                           context=trust or self.trust())
        self.addCleanup(made.close)
        return made

    def ask(self, connection, method, path, value=None, **headers):
        body = None if value is None else json.dumps(value).encode()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def shown_name(self, service):
        with socket.create_connection(("127.0.0.1", service.port), 20) as plain:
            with self.trust().wrap_socket(plain, server_hostname="localhost") as secure:
                return dict(field[0] for field in secure.getpeercert()["subject"])["commonName"]

    def test_requests_of_every_size_on_one_connection(self):
        service = self.encrypted()
        connection = self.connect(service)
        self.assertEqual(self.ask(connection, "PUT", "/v1/kv/cities/small", 1)[0], 201)
        self.assertEqual(self.ask(connection, "PUT", "/v1/kv/cities/large", LARGE)[0], 201)
        status, body = self.ask(connection, "GET", "/v1/kv/cities/large?verify=wait")
        self.assertEqual((status, json.loads(body)), (200, LARGE))
        status, body = self.ask(connection, "GET", "/v1/kv/cities",
                                Accept="application/x-ndjson")
        self.assertEqual((status, len(body.splitlines())), (200, 3))
        self.assertEqual(connection.sock.version(), "TLSv1.3")

    def test_the_tools_and_subscribers(self):
        service = self.encrypted()
        url, trusted = f"https://localhost:{service.port}", {"SSL_CERT_FILE": self.certificate}

        def run(*arguments, env):
            return subprocess.run([BINARY, *arguments, "--url", url], env=env, timeout=60,
                                  capture_output=True, text=True)

        async def scenario():
            subscriber = Subscriber(service)
            address = f"wss://localhost:{service.port}/v1/changes"
            async with websockets.connect(address, ssl=self.trust(), max_size=None) as stream:
                await stream.send(json.dumps({"type": "subscribe", "id": "a"}))
                subscriber.take(json.loads(await stream.recv()))
                loaded = await asyncio.to_thread(
                    run, "load", "cities", str(cities_file(self.folder, 3000)), "--key", "id",
                    env=trusted)
                self.assertEqual(loaded.returncode, 0, loaded.stderr)
                while len(subscriber.changes) < 3000:
                    subscriber.take(json.loads(await stream.recv()))
            self.assertEqual(subscriber.sequences(), list(range(1, 3001)))

        asyncio.run(scenario())
        watched = run("watch", "cities", "--since", "start", "--count", "10", env=trusted)
        self.assertEqual((watched.returncode, len(watched.stdout.splitlines())), (0, 10))
        refused = run("status", env={})
        self.assertEqual(refused.returncode, 3)
        self.assertIn("certificate verify failed", refused.stderr)

    def test_what_is_not_tls_is_let_go(self):
        service = self.encrypted("--limits-head-time", "300ms")
        for garbage in (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x16\x03\x01", b""):
            with socket.create_connection(("127.0.0.1", service.port), 20) as plain:
                plain.sendall(garbage)
                while plain.recv(4096):
                    pass
        context = self.trust()
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.ask(self.connect(service, context), "GET", "/healthz")
        self.assertEqual(self.ask(self.connect(service), "GET", "/healthz")[0], 200)

    def test_a_new_certificate_without_a_restart(self):
        service = self.encrypted()
        self.assertEqual(self.shown_name(service), "first")
        before = self.connect(service)
        self.assertEqual(self.ask(before, "PUT", "/v1/kv/cities/a", 1)[0], 201)

        self.make_keys("second")
        service.process.send_signal(signal.SIGHUP)
        until(lambda: "event=reloaded" in service.log(), what="the reload")
        self.assertEqual(self.shown_name(service), "second")
        self.assertEqual(self.ask(before, "GET", "/v1/kv/cities/a"), (200, b"1"))

        good = self.certificate.read_text()
        self.certificate.write_text("damaged")
        service.process.send_signal(signal.SIGHUP)
        until(lambda: "event=reload_failed" in service.log(), what="the refused reload")
        self.certificate.write_text(good)
        self.assertEqual(self.shown_name(service), "second")

    def test_files_that_do_not_do_are_named_at_the_start(self):
        def refused(*flags):
            done = subprocess.run(
                [BINARY, "serve", "--listen", "127.0.0.1:0", "--data", self.folder / "none",
                 *flags], capture_output=True, text=True, timeout=60)
            self.assertFalse((self.folder / "none").exists())
            return done.returncode, done.stdout + done.stderr

        status, said = refused("--tls-certificate", str(self.certificate))
        self.assertEqual(status, 2)
        self.assertIn("tls.key", said)
        status, said = refused("--tls-certificate", "missing.pem", "--tls-key", str(self.key))
        self.assertEqual(status, 1)
        self.assertIn("missing.pem", said)
        other = self.folder / "other.pem"
        subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out",
                        other], check=True, capture_output=True)
        status, said = refused("--tls-certificate", str(self.certificate), "--tls-key", str(other))
        self.assertEqual(status, 1)
        self.assertIn("other.pem", said)

    def test_a_client_that_takes_nothing_holds_nobody_up(self):
        service = self.encrypted()
        writer = self.connect(service)
        for i in range(8):
            self.ask(writer, "PUT", f"/v1/kv/cities/{i}", LARGE)
        lazy = self.trust().wrap_socket(
            socket.create_connection(("127.0.0.1", service.port), 20), server_hostname="localhost")
        self.addCleanup(lazy.close)
        lazy.sendall(b"GET /v1/kv/cities HTTP/1.1\r\nHost: localhost\r\n\r\n" * 4)
        select.select([lazy], [], [], 20)
        self.assertEqual(self.ask(writer, "GET", "/v1/kv/cities/3")[0], 200)
        self.assertEqual(service.stop(), 0)
