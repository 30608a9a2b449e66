"""docs/operations.md says what the service says, and its commands do what it says: metrics, states,
alerts and lines of the log are compared with the binary, backup and restore run as they stand there.
"""

import itertools
import re
import subprocess
import threading

from tests.support.harness import BINARY, ROOT, ServiceTest, until
from tests.support.markdown import examples, first_column, section
from tests.support.terminal import Terminal

GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
ALERTS = ROOT / "deploy" / "alerts.yaml"
UNIT = ROOT / "deploy" / "keelson.service"


def exposed(text):
    """Of each family of an exposition its labels (but `le`), and of each label its values."""
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    found = {name: {} for name in kinds}
    for name, labels in re.findall(r"^(\w+)(?:\{(.*)\})? \S+$", text, re.MULTILINE):
        if name not in kinds:
            name = re.sub("_(bucket|sum|count)$", "", name)
        for label, value in re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels):
            if label != "le":
                found[name].setdefault(label, set()).add(value)
    return found


class Lists(ServiceTest):
    maxDiff = None

    def test_every_metric_has_its_line(self):
        metrics = exposed(self.service().request("GET", "/metrics").body.decode())
        told = {}
        for cell in first_column(section(GUIDE, "Metrics")):
            name, labels = re.fullmatch(r"(\w+)(?:\{([\w,]+)\})?", cell).groups()
            self.assertNotIn(name, told)
            told[name] = set(labels.split(",")) if labels else set()
        self.assertEqual(told, {name: set(labels) for name, labels in metrics.items()})

    def test_every_state_has_its_line(self):
        service = self.service()
        schemas = service.request("GET", "/v1/openapi.json").json()["components"]["schemas"]
        metrics = exposed(service.request("GET", "/metrics").body.decode())
        subscribers = (metrics["keelson_subscribers"]["state"] |
                       metrics["keelson_subscriptions_closed_total"]["code"])
        for title, states in (("Primary", schemas["PrimaryState"]["enum"]),
                              ("Secondaries", schemas["SecondaryState"]["enum"]),
                              ("Validator and feed", schemas["WorkingState"]["enum"]),
                              ("Full comparisons", schemas["PassState"]["enum"]),
                              ("Subscribers", subscribers)):
            told = first_column(section(GUIDE, title))
            self.assertEqual(sorted(told), sorted(states), title)
        prose = section(GUIDE, "States") + section(GUIDE, "Metrics")
        for word in (metrics["keelson_comparisons_total"]["result"] |
                     metrics["keelson_data_inconsistencies_total"]["kind"] |
                     metrics["keelson_writer_refusals_total"]["code"] |
                     metrics["keelson_http_refusals_total"]["of"] |
                     set(schemas["Readiness"]["properties"]["state"]["enum"])):
            self.assertIn(f"`{word}`", prose)
        self.assertEqual(metrics["keelson_kv_state"]["state"] | {"unavailable"},
                         set(schemas["SecondaryState"]["enum"]))
        self.assertEqual(metrics["keelson_primary_state"]["state"] | {"unavailable"},
                         set(schemas["PrimaryState"]["enum"]))

    def test_every_event_of_the_log_has_its_line(self):
        sources = "".join(path.read_text(encoding="utf-8")
                          for path in [*ROOT.glob("*.cpp"), *ROOT.glob("*/**/*.cpp")]
                          if path.relative_to(ROOT).parts[0] not in ("tests", "build"))
        said = set(re.findall(r"\bevent=(\w+)", sources))
        self.assertGreater(len(said), 20)
        told = first_column(section(GUIDE, "The log"))
        self.assertEqual(said - set(told), set())
        for event in told:
            self.assertRegex(sources, rf'\bevent={event}\b|"{event}"', event)


class Alerts(ServiceTest):
    def rules(self):
        return ALERTS.read_text(encoding="utf-8")

    def names(self):
        return re.findall(r"- alert: (\w+)", self.rules())

    def promtool(self, *arguments):
        done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_promtool_takes_them(self):
        self.promtool("check", "rules", str(ALERTS))

    def test_they_are_silent_over_what_is_healthy_and_each_rings(self):
        self.promtool("test", "rules", str(ROOT / "tests" / "support" / "alerts_test.yaml"))
        tried = (ROOT / "tests" / "support" / "alerts_test.yaml").read_text(encoding="utf-8")
        self.assertEqual(sorted(re.findall(r'alertname="(\w+)"', tried)), sorted(self.names()))

    def test_each_has_its_line_and_asks_for_what_there_is(self):
        self.assertEqual(first_column(section(GUIDE, "Alerts")), self.names())
        metrics = exposed(self.service().request("GET", "/metrics").body.decode())
        asked = set(re.findall(r"\b(keelson_\w+)", self.rules()))
        self.assertGreater(len(asked), 10)
        for name in asked:
            self.assertIn(re.sub("_bucket$", "", name), metrics)


class Unit(ServiceTest):
    def test_systemd_takes_it(self):
        """With this binary in the place of the installed one."""
        unit = self.folder / "keelson.service"
        unit.write_text(UNIT.read_text(encoding="utf-8").replace("/usr/local/bin/keelson",
                                                                 str(BINARY.resolve())))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_the_service_takes_its_settings(self):
        command = re.search(r"^ExecStart=/usr/local/bin/keelson serve (.*)$",
                            UNIT.read_text(encoding="utf-8"), re.MULTILINE)[1]
        command = command.replace("/etc/keelson/keelson.yaml",
                                  str(ROOT / "deploy" / "keelson.example.yaml"))
        done = subprocess.run([BINARY, "config", *command.split()], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("data\t/var/lib/keelson\t", done.stdout)


class Restore(ServiceTest):
    """The blocks of the sections Backup and Restore, as they stand there."""

    BEFORE, AFTER = 50, 30

    def setUp(self):
        super().setUp()
        (self.folder / "backups").mkdir()
        self.running = self.service()
        self.terminal = Terminal(self, self.folder, {
            "KEELSON_URL": self.running.url, "PATH": f"{BINARY.resolve().parent}:/usr/bin:/bin"})
        self.copy_file, self.copy_folder = self.blocks("Backup")
        self.file_back, self.folder_back, self.save_and_rebuild = self.blocks("Restore")

    def blocks(self, title):
        return [each.text.replace("/var/lib/keelson", str(self.running.folder))
                .replace("/var/backups/keelson", str(self.folder / "backups"))
                for each in examples(section(GUIDE, title)) if each.kind == "sh"]

    def write(self, count, prefix):
        for i in range(count):
            answer = self.running.put("cities", f"{prefix}{i}", {"n": i})
            self.assertEqual(answer.status, 201)
        self.last = answer.json()["position"]

    def put_back(self, block):
        self.running.caught_up()
        self.assertEqual(self.running.stop(), 0)
        self.terminal.run(block)
        self.running.start("--new-epoch")
        lost = self.running.request("GET", f"/v1/changes?since={self.last}")
        self.assertEqual((lost.status, lost.json()["code"]), (410, "history_lost"))

    def check_saved(self, key):
        """What only the secondary has comes back from there."""
        self.assertEqual(self.running.get("cities", key).status, 404)
        until(lambda: self.running.secondary()["state"] == "confirmation_required",
              what="the state confirmation_required")
        self.assertEqual(self.running.metric("keelson_history_replaced_total"), 1)
        self.assertEqual(self.running.status()["history_replaced"]["known"], self.last)
        refused = self.running.run("secondary", "rebuild", "kv", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("state\tequal", self.terminal.run(self.save_and_rebuild))
        self.assertEqual(self.running.get("cities", key).status, 200)

    def test_a_file_that_was_copied_under_writes(self):
        self.write(self.BEFORE, "before")
        stop = threading.Event()

        def go_on():
            for i in itertools.count():
                if stop.is_set():
                    return
                self.running.put("busy", str(i), i)

        writer = threading.Thread(target=go_on)
        writer.start()
        try:
            self.terminal.run(self.copy_file)
        finally:
            stop.set()
            writer.join()
        self.write(self.AFTER, "after")
        self.put_back(self.file_back)
        self.assertEqual(self.running.get("cities", f"before{self.BEFORE - 1}").status, 200)
        self.check_saved(f"after{self.AFTER - 1}")

    def test_a_folder_that_was_copied_while_nothing_ran(self):
        self.write(self.BEFORE, "before")
        self.running.caught_up()
        self.assertEqual(self.running.stop(), 0)
        self.terminal.run(self.copy_folder)
        self.running.start()
        self.write(self.AFTER, "after")
        self.put_back(self.folder_back)
        self.assertNotIn("history_replaced", self.running.status())
        self.assertEqual(self.running.get("cities", "before0").status, 200)
        self.assertEqual(self.running.get("cities", "after0").status, 404)
        self.assertEqual(self.running.verify()["state"], "equal")

    def test_a_copy_of_the_first_day_and_a_secondary_are_enough(self):
        self.terminal.run(self.copy_file)
        self.write(self.BEFORE, "before")
        self.put_back(self.file_back)
        self.check_saved(f"before{self.BEFORE - 1}")
