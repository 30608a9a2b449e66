"""What /v1/openapi.json says is what the service does: requests made from it by schemathesis, and
a client made from it that works."""

import json
import os
import pathlib
import subprocess
import sys

from tests.support.harness import FULL, ROOT, ServiceTest, until

TOOLS = ROOT / "build" / "python" / "bin"
EXAMPLES = 400 if FULL else 25  # of each operation and phase; 25 make more than 1,000 requests

# What the description cannot say: that a store of this name exists, that two headers or a
# parameter and a type of body exclude each other, that a version is the present one.
CONFIGURATION = """
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", 503, 504]
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 400, 404, 409, 410, 412, 422, 503, 504]
[checks.negative_data_rejection]
expected-statuses = [400, 404, 405, 409, 410, 412, 413, 415, 422, 431, 503, 504]
[[operations]]
include-path = "/v1/changes"
parameters = { wait = "10ms" }  # others would be waited for, and wrong ones are replaced, too
[operations.checks.negative_data_rejection]
enabled = false
[[operations]]
include-path = "/v1/verify/{id}"
[operations.checks.use_after_free]
enabled = false  # a comparison that was stopped is still there
"""

CLIENT = """
import json, sys
from keelson_client import Client
from keelson_client.api.default import (delete_document, get_changes, get_document, get_many,
    get_readiness, get_status, list_documents, post_batch, put_document, start_verify)
from keelson_client.models import Batch, Delete, DeleteOp, GetMany, Wanted, Write, WriteOp

client = Client(base_url=sys.argv[1], raise_on_unexpected_status=True)
created = put_document.sync_detailed("cities", "a/b", client=client, body={"n": 1})
assert created.status_code == 201 and created.parsed.key == "a/b"
assert get_document.sync_detailed("cities", "a/b", client=client).content == b'{"n":1}'
batch = post_batch.sync(client=client, body=Batch([
    Write(WriteOp.PUT, "cities", "c", [1, None]), Delete(DeleteOp.DELETE, "cities", "a/b"),
    Write(WriteOp.PUT, "cities", "d", "text", if_version=0)]))
assert [each.version for each in batch.results] == [2, 3, 4]
page = list_documents.sync("cities", client=client, limit=1)
assert [item.key for item in page.items] == ["c"] and page.next_ == "c"
found = get_many.sync(client=client, body=GetMany("cities", ["c", "none"]))
assert found.missing == ["none"] and found.items[0].version == 2
changes = get_changes.sync(client=client, since="start", collection=["cities"])
assert [(each.op, each.key) for each in changes.changes] == [
    ("put", "a/b"), ("put", "c"), ("delete", "a/b"), ("put", "d")]
gone = delete_document.sync("cities", "none", client=client)
assert gone.code == "not_found" and gone.status == 404
assert get_readiness.sync(client=client).components[0].name == "primary"
assert get_status.sync(client=client).secondaries[0].name == "kv"
assert start_verify.sync(client=client, body=Wanted(secondary="kv")).id
print("works")
"""


class Description(ServiceTest):
    def tool(self, name):
        path = TOOLS / name
        if not path.exists():
            print(f"\nNOT TESTED: {self.id()}: {path} is not installed", file=sys.stderr,
                  flush=True)
            self.skipTest(f"{path} is not installed")
        return path

    def run_tool(self, *command, **options):
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True,
                              timeout=850, **options)
        self.assertEqual(done.returncode, 0, (done.stdout + done.stderr)[-20_000:])
        return done.stdout

    def test_every_answer_is_one_that_the_description_has(self):
        tool = self.tool("schemathesis")
        service = self.service()
        (self.folder / "schemathesis.toml").write_text(CONFIGURATION)
        seed = os.environ.get("KEELSON_SEED", "1")
        # Schemathesis knows pages, but not streams of events, which never end.
        said = self.run_tool(tool, "--config-file", "schemathesis.toml", "run",
                             f"{service.url}/v1/openapi.json", "--max-examples", str(EXAMPLES),
                             "--seed", seed, "--request-timeout", "20", "--no-color",
                             "--warnings", "off")
        print(f"seed={seed}", *[line.strip() for line in said.splitlines() if "generated" in line],
              flush=True)
        self.assertEqual(service.metric("keelson_actor_restarts_total"), 0)
        self.assertNotIn(" error ", service.log())
        service.request("POST", "/v1/secondaries/kv/resume")  # the operators' verbs were tried, too
        service.caught_up()
        until(lambda: "running_pass" not in service.status()["validator"], what="an end of passes")
        self.assertEqual(service.verify()["state"], "equal")
        self.assertEqual(service.stop(), 0)

    def test_a_client_made_from_it_works(self):
        tool = self.tool("openapi-python-client")
        service = self.service()
        description = self.folder / "openapi.json"
        description.write_text(json.dumps(service.request("GET", "/v1/openapi.json").json()))
        self.run_tool(tool, "generate", "--path", description, "--meta", "none", "--output-path",
                      self.folder / "keelson_client")
        said = self.run_tool(pathlib.Path(tool).parent / "python", "-c", CLIENT, service.url)
        self.assertEqual(said, "works\n")
