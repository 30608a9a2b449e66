#!/usr/bin/env python3
"""Whether deploy/packages can be read as deploy/serve and deploy/test read it.

Ends with 1 and a line for each section that the shell function `packages_of` does not give whole,
or that ends a script under `set -e`.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def sections(text: str) -> dict[str, list[str]]:
    """The names under each [section]."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            names = found.setdefault(heading[1], [])
        elif name := line.partition("#")[0].strip():
            names.append(name)
    return found


def given(section: str) -> list[str]:
    """What the shell makes of it; the last word tells that it went on."""
    script = 'source deploy/common; packages_of "$1"; echo "end"'
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script, "bash", section],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )
    return done.stdout.split()


def main() -> int:
    wanted = sections((ROOT / "deploy/packages").read_text(encoding="utf-8"))
    wrong = [name for name, names in wanted.items() if not names or given(name) != [*names, "end"]]
    for name in wrong:
        print(f"deploy/packages: packages_of {name} gives {given(name)}, not {wanted[name]}")
    return 1 if wrong or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
