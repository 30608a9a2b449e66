"""What the log says of the start, of states and of requests, in both forms, and what it never says."""

import asyncio
import json
import os
import signal
import subprocess

import websockets

from tests.support.harness import BINARY, ServiceTest, until

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Log(ServiceTest):
    def lines(self, service, event):
        """The lines of that event, as their words."""
        found = []
        for line in service.log().splitlines():
            words = dict(word.split("=", 1) for word in line.split() if "=" in word)
            if words.get("event") == event:
                found.append(words)
        return found

    def test_a_request_that_took_long_and_none_that_was_asked_to_wait(self):
        service = self.service("--log-slow-request", "50ms")
        operations = [{"op": "put", "collection": "cities", "key": str(i), "value": "x" * 7000}
                      for i in range(1000)]
        answer = service.request("POST", "/v1/batch", {"operations": operations},
                                 {"traceparent": TRACE, "X-Request-Id": "the-slow-one"})
        self.assertEqual(answer.status, 200)
        service.request("GET", "/v1/changes?wait=300ms", headers={"X-Request-Id": "a-long-poll"})
        shown = until(lambda: self.lines(service, "slow_request"), what="the line")
        found = next(line for line in shown if line["request_id"] == "the-slow-one")
        self.assertEqual((found["method"], found["route"], found["status"], found["trace"]),
                         ("POST", "/v1/batch", "200", TRACE))
        self.assertGreater(float(found["seconds"]), 0.05)
        self.assertNotIn("a-long-poll", service.log())

    def test_every_line_is_json_when_that_was_asked_for(self):
        service = self.service("--log-format", "json", start=False)
        place = service.folder / "kv"
        service.folder.mkdir()
        place.write_text('not "ours"')
        service.start(wait=False)
        until(lambda: '"event":"listening"' in service.log(), what="keelson listening")
        self.assertEqual(service.stop(), 0)
        lines = [json.loads(line) for line in service.log().splitlines()]
        for line in lines:
            self.assertLessEqual({"time", "level", "component"}, set(line), line)
            self.assertNotIn("message", line)
        state = next(line for line in lines if line["component"] == "replicator")
        self.assertEqual((state["secondary"], state["state"]), ("kv", "foreign"))
        self.assertIn("not a folder", state["reason"])

    def test_a_start_says_what_is_in_force(self):
        service = self.service("--auth-tokens", "app:write:w-secret", "--limits-page", "7",
                               "--secondary", "copy=sqlite:copy.db")
        found, = self.lines(service, "starting")
        self.assertEqual(found["tokens"], "1")
        self.assertEqual(found["tls"], "off")
        self.assertEqual(found["data"], f'"{service.folder}"')
        self.assertEqual(found["listen"], '"127.0.0.1:0"')
        self.assertEqual(found["primary.url"], '"sqlite:primary.db"')
        self.assertEqual(found["secondaries"], '"copy=sqlite:copy.db"')
        self.assertEqual(found["limits.page"], '"7"')
        self.assertNotIn("limits.value", found)
        listening, = self.lines(service, "listening")
        self.assertEqual(listening["port"], str(service.port))

    def test_each_change_of_a_state_is_a_line_with_its_reason(self):
        service = self.service()
        service.caught_up()
        service.run("secondary", "pause", "kv")
        service.run("secondary", "resume", "kv")
        until(lambda: service.secondary()["state"] == "live", what="the state live")
        self.assertEqual(service.stop(), 0)
        states = [words.split()[0] for words in service.log().split("secondary=kv state=")[1:]]
        self.assertEqual([state for state in states if state not in ("rebuilding", "catching_up")],
                         ["live", "paused", "live", "stopped"])
        self.assertIn('component=primary state=serving reason=""', service.log())

    def test_the_level_changes_at_run_time(self):
        file = self.folder / "keelson.yaml"
        service = self.service("--config", str(file), start=False)

        def level(name, reloads):
            file.write_text(f"log:\n  level: {name}\n")
            service.process.send_signal(signal.SIGHUP)
            until(lambda: service.log().count("event=reloaded") == reloads, what="the reload")

        file.write_text("")
        service.start()
        service.put("c", "before", 1)
        level("debug", 1)
        service.request("GET", "/v1/kv/c/before", headers={"X-Request-Id": "seen"})
        until(lambda: self.lines(service, "request"), what="the line of a request")
        level("info", 2)
        service.put("c", "after", 1)
        self.assertEqual(service.stop(), 0)
        found, = self.lines(service, "request")
        self.assertEqual((found["request_id"], found["method"], found["route"], found["status"],
                          found["principal"], found["level"]),
                         ("seen", "GET", "/v1/kv/{collection}/{key}", "200", "anonymous", "debug"))


class Secrets(ServiceTest):
    def check(self, secrets, *texts):
        for text in texts:
            for secret in secrets:
                self.assertNotIn(secret, text)

    def test_neither_log_nor_answers_hold_a_token(self):
        (self.folder / "token").write_text("sesame-of-file\n")
        secrets = ["sesame-of-flag", "sesame-of-file", "sesame-nobody-has"]
        for form in ("text", "json"):
            service = self.service("--log-level", "debug", "--log-format", form,
                                   "--log-slow-request", "1ms",
                                   "--auth-tokens", "app:admin:sesame-of-flag",
                                   "--auth-tokens", f"other:read:@{self.folder / 'token'}",
                                   name=form, start=False)
            service.start(wait=False)
            until(lambda: "listening" in service.log(), what="keelson listening")
            log = service.log()
            service.port = int(log.split('port')[1].strip('":=').split('"')[0].split()[0])
            answers = []

            def ask(method, path, secret, body=None, service=service, answers=answers, **headers):
                answer = service.request(method, path, body, {
                    "Authorization": f"Bearer {secret}", **headers})
                answers.append(f"{answer.headers} {answer.body.decode()}")
                return answer.status

            for secret in secrets:
                expected = {"sesame-of-flag": 201, "sesame-of-file": 403}.get(secret, 401)
                self.assertEqual(ask("PUT", "/v1/kv/c/a", secret, "1"), expected)
                for path in ("/v1/status", "/readyz", "/metrics", "/v1/kv/c/none", "/nowhere",
                             f"/v1/status?access_token={secret}", f"/v1/{secret}",
                             "/v1/openapi.json"):
                    ask("GET", path, secret)
                ask("GET", f"/v1/changes?wait=10ms&access_token={secret}", secret)
                ask("GET", f"/v1/kv/c/a?timeout={secret}x", secret)

            async def follow(service=service):
                url = service.url.replace("http", "ws") + "/v1/changes?access_token="
                async with websockets.connect(url + secrets[1]) as socket:
                    await socket.send(json.dumps({"type": "subscribe", "id": "a"}))
                    await socket.recv()
                with self.assertRaises(websockets.InvalidStatusCode):
                    await websockets.connect(url + secrets[2])

            asyncio.run(follow())
            service.process.send_signal(signal.SIGHUP)
            until(lambda: "reloaded" in service.log(), what="the reload")
            self.assertEqual(service.stop(), 0)
            self.assertIn("request", service.log())
            # What the caller wrote into a path or a parameter is not repeated, either.
            self.check(secrets, service.log(), *answers)

    def say(self, *arguments, **environment):
        done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=60,
                              env=os.environ | environment)
        return done.returncode, done.stdout + done.stderr

    def test_what_is_said_of_a_store_has_no_password(self):
        url = "postgresql://keelson:open-sesame@db.example/keelson?password=open-sesame"
        file = self.folder / "file"
        file.write_text("in the way of a data folder")
        for arguments, environment in (
                (("--primary", url), {}),
                (("--secondary", f"copy={url}"), {}),
                (("--primary", f"sqlite:a?password=open-sesame"), {}),
                ((), {"DATABASE_URL": url}),
                ((), {"KEELSON_PRIMARY_URL": url}),
                (("--auth-tokens", "open-sesame"), {}),
                (("--auth-tokens", "app:open-sesame:write"), {})):
            status, said = self.say("config", *arguments, **environment)
            self.check(["open-sesame"], said)
            self.assertIn(status, (0, 2), said)
            status, said = self.say("serve", "--data", str(file / "below"), "--listen",
                                    "127.0.0.1:0", *arguments, **environment)
            self.assertIn(status, (1, 2), said)
            self.check(["open-sesame"], said)

    def test_what_the_commands_say_has_none(self):
        file = self.folder / "token"
        file.write_text("open-sesame")
        for arguments in (("--token", "open-sesame", "--url", "http://127.0.0.1:1"),
                          ("--token", f"@{file}", "--url", "http://127.0.0.1:1"),
                          ("--url", "http://user:open-sesame@127.0.0.1:1"),
                          ("--url", "ftp://user:open-sesame@127.0.0.1:1")):
            status, said = self.say("get", "c", "k", *arguments)
            self.assertIn(status, (2, 3), said)
            self.check(["open-sesame"], said)
        self.check(["open-sesame"], self.say("get", "--help", KEELSON_TOKEN="open-sesame")[1])
