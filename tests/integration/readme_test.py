"""README.md: the first five minutes run as they stand there, in a folder laid out as a clone after
deploy/serve; only the service's port is another. And its pictures are of this binary."""

import re

from docs.pictures import make
from tests.support.harness import BINARY, ROOT, ServiceTest, until
from tests.support.markdown import examples, section
from tests.support.terminal import BESIDE, Terminal


class Readme(ServiceTest):
    def five_minutes(self):
        """What each block said, and the terminals beside."""
        clone = self.folder / "clone"
        (clone / "build" / "release").mkdir(parents=True)
        (clone / "build" / "release" / "keelson").symlink_to(BINARY.resolve())
        self.running = self.service()
        terminal = Terminal(self, clone, {"KEELSON_URL": self.running.url})
        said, beside = [], []
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        for block in examples(section(readme, "The first five minutes")):
            text = block.text.replace("127.0.0.1:8470", f"127.0.0.1:{self.running.port}")
            if text.startswith(BESIDE):
                beside.append(terminal.beside(text))
                until(lambda: self.running.metric("keelson_subscribers") == len(beside),
                      what="the subscription")
            else:
                said.append(terminal.run(text))
        return said, beside

    def test_the_first_five_minutes(self):
        said, (watch, stream) = self.five_minutes()
        path, load, commands, compared, http = said
        self.assertEqual(path.strip(), "")
        self.assertRegex(load, r"written\s+2\b")
        self.assertIn('{"country":"GB","name":"London"}', commands)
        self.assertIn('2950159\t', commands)
        self.assertRegex(compared, r"kv\tequal\tequal\t2\t")
        self.assertIn("state\tequal\n", compared)
        self.assertIn("live", compared)

        statuses = re.findall(r"^HTTP/1.1 (\d+)", http, re.MULTILINE)
        # The secondary may be a moment behind.
        self.assertRegex(" ".join(statuses), "^201 200 (200|404) 200$")
        self.assertRegex(http, r'(?mi)^etag: "\d+"')
        self.assertEqual(re.findall(r'"code":"(\w+)"', http), ["precondition_failed"])
        self.assertIn('"name":"Rome","population":2318895', http)
        self.assertIn('"results":[{"version":', http)
        self.assertRegex(http, "(?mi)^keelson-consistency: kv=(equal|pending)")
        self.assertIn('"changes":[{', http)

        stream.says('"name":"Vienna"')
        watch.says("put\t2761369")
        stream.interrupt()
        watched = watch.interrupt()
        for expected in ("put\t2643743", "delete\t2643743", "put\t3169070"):
            self.assertIn(expected, watched)
        self.assertEqual(self.running.stop(), 0)

    def test_the_pictures_are_of_this_binary(self):
        make.make(self.folder)
        for picture in make.PICTURES:
            now = (self.folder / picture).read_text(encoding="utf-8")
            before = (make.FOLDER / picture).read_text(encoding="utf-8")
            self.assertEqual(make.without_chance(now), make.without_chance(before),
                             "docs/pictures/make.py makes the pictures anew")
