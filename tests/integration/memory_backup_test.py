"""A primary in memory with a backup in a file: what a stop keeps, and what a kill loses."""

import subprocess

from tests.support.harness import BINARY, ServiceTest, until


class MemoryBackup(ServiceTest):
    def volatile(self, url="memory:?backup=all.keelson", **options):
        return self.service("--primary", url, "--primary-allow-volatile", **options)

    def write(self, service, count, prefix="k"):
        for i in range(count):
            self.assertEqual(service.put("cities", f"{prefix}{i}", {"n": i}).status, 201)

    def test_a_stop_keeps_everything(self):
        service = self.volatile()
        self.write(service, 300)
        before = service.status()
        self.assertEqual(service.stop(), 0)
        service.start()
        after = service.status()
        self.assertEqual((after["log_id"], after["position"]),
                         (before["log_id"], before["position"]))
        self.assertEqual(service.get("cities", "k299").json(), {"n": 299})
        service.caught_up()
        self.assertEqual(service.verify()["state"], "equal")

    def test_what_a_kill_loses_is_said(self):
        service = self.volatile("memory:?backup=all.keelson&every=1")
        file = service.folder / "all.keelson"
        self.write(service, 20)
        until(file.exists, what="a save")
        first = file.stat().st_ino
        self.write(service, 5, "late")
        until(lambda: file.stat().st_ino != first, what="the next save")
        kept = service.status()["position"]
        service.kill()
        service.start()
        self.assertEqual(service.status()["position"], kept)

        service.flags[1] = "memory:?backup=all.keelson"  # a minute is longer than this test
        service.stop()
        service.start()
        self.write(service, 5, "lost")
        lost = service.status()["position"]
        service.caught_up()
        service.kill()
        service.start()
        self.assertIn("history_replaced", service.status())
        self.assertEqual(service.request("GET", f"/v1/changes?since={lost}").status, 410)
        self.assertEqual(service.get("cities", "lost0").status, 404)
        self.assertEqual(service.get("cities", "late4").json(), {"n": 4})

    def test_a_damaged_backup_is_left_as_it_is(self):
        service = self.volatile()
        self.write(service, 50)
        service.stop()
        file = service.folder / "all.keelson"
        whole = file.read_bytes()
        for damaged in (whole[:-1], whole[:100], whole[:60] + b"?" + whole[61:], b"something"):
            file.write_bytes(damaged)
            service.start()
            self.assertEqual(service.request("GET", "/readyz").status, 503)
            self.assertIn("all.keelson", service.request("GET", "/readyz").body.decode())
            service.stop()
            self.assertEqual(file.read_bytes(), damaged)
        file.write_bytes(whole)
        service.start()
        self.assertEqual(service.get("cities", "k49").json(), {"n": 49})

    def test_a_url_that_makes_no_sense(self):
        for url in ("memory:name?backup=x", "memory:?backup=x&every=0", "memory:?copy=x"):
            done = subprocess.run([BINARY, "serve", "--data", self.folder / "none", "--primary", url,
                                   "--primary-allow-volatile", "--listen", "127.0.0.1:0"],
                                  capture_output=True, text=True, timeout=60)
            self.assertIn(done.returncode, (1, 2), url)
            self.assertRegex(done.stdout + done.stderr, "backup|every|copy")
