"""Tokens and their scopes, pages of other origins, foreign Host names, and SIGHUP."""

import asyncio
import json
import os
import pathlib
import signal
import subprocess

import websockets

from tests.support.harness import BINARY, ServiceTest, until

TOKENS = ["--auth-tokens", "reader:read:r-secret", "--auth-tokens", "app:write:w-secret",
          "--auth-tokens", "boss:admin:a-secret"]


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


class Access(ServiceTest):
    def status(self, service, method, path, secret=None, body=None, **headers):
        headers = {k.replace("_", "-"): v for k, v in headers.items()}
        if secret:
            headers.update(bearer(secret))
        return service.request(method, path, body, headers).status

    def test_each_scope_does_what_it_may(self):
        service = self.service(*TOKENS)
        put = ("PUT", "/v1/kv/cities/a")
        self.assertEqual(self.status(service, *put, body="1"), 401)
        self.assertEqual(self.status(service, *put, "r-secret", "1"), 403)
        self.assertEqual(self.status(service, *put, "w-secret", "1"), 201)
        self.assertEqual(self.status(service, "GET", "/v1/kv/cities/a", "r-secret"), 200)
        self.assertEqual(self.status(service, "POST", "/v1/verify", "w-secret", {}), 403)
        self.assertEqual(self.status(service, "POST", "/v1/verify", "a-secret", {}), 202)
        self.assertEqual(self.status(service, "GET", "/metrics"), 401)
        for open_to_all in ("/healthz", "/readyz"):
            self.assertEqual(self.status(service, "GET", open_to_all), 200)
        refused = service.request("GET", "/v1/status")
        self.assertEqual(refused.headers["WWW-Authenticate"], "Bearer")
        self.assertEqual(refused.json()["code"], "unauthenticated")
        self.assertEqual(self.status(service, "GET", "/v1/status?access_token=r-secret"), 400)
        for secret in ("r-secret", "w-secret", "a-secret"):
            self.assertNotIn(secret, service.log())

    def test_streams_take_the_token_in_the_query(self):
        service = self.service(*TOKENS)
        url = service.url.replace("http", "ws") + "/v1/changes"

        async def scenario():
            for refused in ("", "?access_token=wrong"):
                with self.assertRaises(websockets.InvalidStatusCode) as why:
                    await websockets.connect(url + refused)
                self.assertEqual(why.exception.status_code, 401)
            async with websockets.connect(url + "?access_token=r-secret") as socket:
                await socket.send(json.dumps({"type": "subscribe", "id": "a"}))
                self.assertEqual(json.loads(await socket.recv())["type"], "subscribed")

        asyncio.run(scenario())
        self.assertNotIn("r-secret", service.log())

    def test_the_tools_show_their_token(self):
        service = self.service(*TOKENS)
        refused = service.run("put", "cities", "a", "1", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("token", refused.stderr)
        service.run("put", "cities", "a", "1", "--token", "w-secret")
        self.assertEqual(service.run("get", "cities", "a", "--token", "r-secret").stdout.strip(),
                         "1")

    def test_a_page_of_another_origin_and_a_foreign_host_are_refused(self):
        service = self.service()
        for method, body in (("GET", None), ("PUT", "1")):
            for headers in ({"Origin": "https://evil.example"},
                            {"Host": "rebound.example"}):
                answer = service.request(method, "/v1/kv/cities/a", body, headers)
                self.assertEqual(answer.status, 403)
                self.assertNotIn("Access-Control-Allow-Origin", answer.headers)

        async def scenario():
            with self.assertRaises(websockets.InvalidStatusCode) as why:
                await websockets.connect(service.url.replace("http", "ws") + "/v1/changes",
                                         origin="https://evil.example")
            self.assertEqual(why.exception.status_code, 403)

        asyncio.run(scenario())

    def test_beyond_loopback_only_with_a_token(self):
        def start(*flags):
            return subprocess.run(
                [BINARY, "config", "--listen", "0.0.0.0:0", *flags],
                capture_output=True, text=True, timeout=30)

        refused = start()
        self.assertEqual(refused.returncode, 2)
        self.assertIn("auth.tokens", refused.stderr)
        allowed = start("--auth-tokens", "app:write:w-secret")
        self.assertEqual(allowed.returncode, 0, allowed.stderr)
        self.assertNotIn("w-secret", allowed.stdout)

    def test_a_token_that_is_taken_back_ends_its_streams(self):
        file = self.folder / "keelson.yaml"

        def tokens(*names):
            lines = [f"    - {{name: {each}, scope: read, token: {each}-secret}}" for each in names]
            file.write_text("auth:\n  tokens:\n" + "\n".join(lines) + "\n")

        tokens("leaver", "stayer")
        service = self.service("--config", str(file))
        url = service.url.replace("http", "ws") + "/v1/changes?access_token="

        async def subscribed(name):
            socket = await websockets.connect(url + name + "-secret")
            await socket.send(json.dumps({"type": "subscribe", "id": "a"}))
            self.assertEqual(json.loads(await socket.recv())["type"], "subscribed")
            return socket

        async def scenario():
            leaver, stayer = await subscribed("leaver"), await subscribed("stayer")
            tokens("stayer")
            service.process.send_signal(signal.SIGHUP)
            closed = json.loads(await leaver.recv())
            self.assertEqual((closed["type"], closed["code"]), ("closed", "going_away"))
            self.assertEqual(closed["position"], service_position)
            with self.assertRaises(websockets.ConnectionClosed) as left:
                await leaver.recv()
            self.assertEqual(left.exception.rcvd.code, 1008)
            await stayer.send(json.dumps({"type": "ping"}))
            self.assertEqual(json.loads(await stayer.recv()), {"type": "pong"})
            await stayer.close()

        watching = subprocess.Popen([BINARY, "watch", "--token", "leaver-secret", "--url",
                                     service.url], stdout=subprocess.DEVNULL,
                                    stderr=subprocess.PIPE, text=True)
        self.addCleanup(watching.stderr.close)
        self.addCleanup(watching.kill)
        until(lambda: service.request("GET", "/v1/status", headers=bearer("stayer-secret")).json()
              ["subscribers"]["live"] == 1, what="the subscription")
        service_position = service.request("GET", "/v1/status",
                                           headers=bearer("leaver-secret")).json()["position"]
        asyncio.run(scenario())
        self.assertEqual(watching.wait(30), 1)
        self.assertIn("unauthenticated", watching.stderr.read())

    def test_hangup_reads_tokens_and_the_level_of_the_log_again(self):
        folder = pathlib.Path(self.folder)
        secret = folder / "secret"
        secret.write_text("first\n")
        file = folder / "keelson.yaml"
        text = f"auth:\n  tokens:\n    - {{name: app, scope: write, token: '@{secret}'}}\n"
        file.write_text(text)
        service = self.service("--config", str(file))
        self.assertEqual(self.status(service, "GET", "/v1/status", "first"), 200)

        secret.write_text("second\n")
        file.write_text(text + "log:\n  level: debug\nlimits:\n  key: 100\n")
        service.process.send_signal(signal.SIGHUP)
        until(lambda: "event=reloaded" in service.log(), what="the reload")
        until(lambda: self.status(service, "GET", "/v1/status", "second") == 200, what="the token")
        self.assertEqual(self.status(service, "GET", "/v1/status", "first"), 401)
        self.assertIn("setting_changes_at_next_start setting=limits.key", service.log())

        def check_refused(refusals):
            service.process.send_signal(signal.SIGHUP)
            until(lambda: service.log().count("event=reload_failed") == refusals,
                  what="the refusal")
            self.assertEqual(self.status(service, "GET", "/v1/status"), 401)
            self.assertEqual(self.status(service, "GET", "/v1/status", "second"), 200)

        file.write_text("auth: nonsense: [\n")
        check_refused(1)
        file.write_text("")  # caught half written: nobody must be let in by that
        check_refused(2)
        file.write_text(text)
        secret.unlink()
        secret.mkdir()
        check_refused(3)
        secret.rmdir()
        os.mkfifo(secret)
        check_refused(4)
        secret.unlink()
        secret.symlink_to("/dev/zero")
        check_refused(5)
        self.assertEqual(service.stop(), 0)
