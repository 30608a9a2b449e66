"""The reference of the settings and the example file, made from `keelson config --json`."""

import json
import os
import subprocess

from tests.support.harness import BINARY, ROOT

REFERENCE = ROOT / "docs" / "settings.md"
EXAMPLE = ROOT / "deploy" / "keelson.example.yaml"

INTRODUCTION = """# Settings

Made from the table that the service itself reads (`keelson config --json`); a test compares them.
Every setting is a flag, a variable and a name in the YAML file that `--config` or `KEELSON_CONFIG`
names. Flags beat variables, which beat the file, which beats `DATABASE_URL` (for the primary) or the
profile, which beat the defaults. `keelson config` prints what is in force and where each value came
from; all mistakes are reported together, with their lines, and exit status 2.

Sizes are numbers of bytes or `64KiB`, `8MiB`, `1GiB`; times `500ms`, `5s`, `10m`, `24h`, `7d`. Lists in
one text are parted by blanks, and `none` is the empty one. Those marked ↻ are taken by SIGHUP, the
others by the next start. `deploy/keelson.example.yaml` is a file of all of them.
"""

SECONDARIES = """
A **profile** names the stores that no flag, `KEELSON_` variable or file does:

| profile | primary | secondaries |
| --- | --- | --- |
| `none` | `DATABASE_URL`, else SQLite in the data folder | RocksDB in the data folder |
| `local` | SQLite in the data folder | RocksDB in the data folder |
| `remote` | `DATABASE_URL`, else `MONGODB_URL`, else the start ends with a mistake | `redis` of `REDIS_URL`, `mongodb` of `MONGODB_URL` |
| `hybrid` | `DATABASE_URL`, else `MONGODB_URL`, else SQLite in the data folder | RocksDB in the data folder, and those of `remote` |
| `auto` | as `local` if none of the three variables is set; as `remote` in a container if a primary is named; else as `hybrid` | |

A container is known by `KUBERNETES_SERVICE_HOST`, `/.dockerenv`, `/run/.containerenv` or the names in
`/proc/1/cgroup`. `keelson config` shows which profile `auto` has chosen and why, and for each store
the variable it comes from. `REDIS_URL` and `MONGODB_URL` are looked at for a profile only. The
[stores](stores.md) have a page of their own.

A secondary in the file can say more than its name and URL:

```yaml
secondaries:
  - name: kv
    url: rocksdb:kv
    collections: ["cities", "shop-*"]  # patterns; without it all collections
    validate:
      reads: yes                       # compare documents after they were read
```
"""


def settings():
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KEELSON_")}
    plain.pop("DATABASE_URL", None)
    said = subprocess.run([BINARY, "config", "--json"], env=plain, check=True, capture_output=True,
                          text=True).stdout
    return [found for found in map(json.loads, said.splitlines()) if "area" in found]


def areas(found):
    """The settings by their areas, in the order of the table."""
    grouped = {}
    for each in found:
        grouped.setdefault(each["area"], []).append(each)
    return grouped


def reference(found):
    out = [INTRODUCTION]
    for area, group in areas(found).items():
        out.append(f"\n## {area}\n| setting | value | default | what |\n| --- | --- | --- | --- |\n")
        for each in group:
            once = "" if "variable" in each else f" (only as `{each['flag']}`)"
            again = " ↻" if each["at_run_time"] else ""
            form = f"`{each['form']}`" if each["form"] else "yes or no"
            out.append(f"| `{each['name']}`{again} | {form} | `{each['default']}` | "
                       f"{each['description']}{once} |\n")
        if area == "Stores and places":
            out.append(SECONDARIES)
    return "".join(out)


def example(found):
    out = ["## Every setting with its default; a line is in force once its # is taken away.\n"
           "## What each means, and the forms of values: docs/settings.md.\n"]
    for area, group in areas(found).items():
        group = [each for each in group if "variable" in each]
        if group:
            out.append(f"\n## {area}\n")
        section = None
        for each in group:
            above, _, name = each["name"].rpartition(".")
            if above != section and above:
                out.append(f"#{above}:\n")
            section = above
            value = each["default"]
            indent = "  " if above else ""
            out.append(f"#{indent}{name}: {value}  # {each['description']}\n")
    return "".join(out)
