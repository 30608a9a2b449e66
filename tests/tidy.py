#!/usr/bin/env python3
"""Runs clang-tidy 14 with the tree's .clang-tidy over the sources that a build folder compiles.

usage: tests/tidy.py BUILD [--changed] [--each] [--jobs N] [FOLDER...]

  BUILD      a build folder of this tree, for example build/release
  --changed  only sources that differ from `main`, or include a header that does
  --each     each source by itself, see below
  --jobs N   processes at once, else one a core
  FOLDER     only these folders, or files; else all but tests/

Most of the time goes into headers, so the sources of a folder are read as one, which is five times
as fast. Those that do not compile so, because of a name that two of them use, are read apart.
What only looks at the main file (misc-unused-using-decls) finds nothing in a batch, hence --each.
The exit status is 1 if there are findings.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BATCH = 16  # sources; more of Beast or CAF at once need over 1 GB

# clang 14 knows C++20's coroutines but does not tell libstdc++; GCC warns, so clang need not.
FLAGS = ["-std=c++2b", "-w", "-D__cpp_impl_coroutine=201902L", "-isystem", f"{ROOT}/tests/clang14"]
FINDING = re.compile(r"^(?=\S+:\d+:\d+: (?:warning|error): )", re.MULTILINE)


def git(*arguments):
    command = ["git", "-c", f"safe.directory={ROOT}", *arguments]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return set(listed.split())


def for_clang(command):
    """The definitions and include paths of a compile command, and what clang needs besides."""
    words = shlex.split(command)
    kept = []
    for word, following in zip(words, words[1:] + [""]):
        if word == "-isystem":
            kept += [word, following]
        elif word.startswith(("-D", "-I")):
            kept.append(word)
    return (*kept, *FLAGS)


def sources(build):
    """source relative to the root -> arguments for clang."""
    entries = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    found = {}
    for entry in entries:
        name = pathlib.Path(entry["file"]).relative_to(ROOT).as_posix()
        found.setdefault(name, for_clang(entry["command"]))
    return found


def touched(name, changed):
    text = (ROOT / name).read_text(encoding="utf-8")
    return name in changed or any(f'"{each}"' in text for each in changed if each.endswith(".hpp"))


def batches(names, arguments, most):
    """Lists of sources of one folder that are compiled alike."""
    alike = {}
    for name in names:
        folder = name.rpartition("/")[0]
        alike.setdefault((folder, frozenset(arguments[name])), []).append(name)
    for group in alike.values():
        for first in range(0, len(group), most):
            yield group[first : first + most]


def tidy(batch, arguments):
    """[(sources, findings)]; a batch that does not compile as one comes back in parts."""
    with tempfile.NamedTemporaryFile("w", suffix=".cpp") as joint:
        joint.writelines(f'#include "{ROOT}/{name}"  // NOLINT\n' for name in batch)
        joint.flush()
        main = joint.name if len(batch) > 1 else batch[0]
        command = ["clang-tidy-14", "--quiet", f"--config-file={ROOT}/.clang-tidy", main]
        done = subprocess.run(
            [*command, "--", *arguments], cwd=ROOT, capture_output=True, text=True
        )
    errors = [line for line in done.stdout.splitlines() if "[clang-diagnostic-error" in line]
    if len(batch) > 1 and (errors or done.returncode < 0):
        apart = [name for name in batch if any(f"/{name}:" in error for error in errors)]
        if not apart or apart == batch:
            apart = batch[: len(batch) // 2]
        rest = [name for name in batch if name not in apart]
        return tidy(apart, arguments) + tidy(rest, arguments)
    if done.returncode == 0:
        return [(batch, [])]
    parts = re.split(FINDING, done.stdout.strip() or done.stderr.strip())
    return [(batch, [part.strip().replace(f"{ROOT}/", "") for part in parts if part])]


def main():
    parser = argparse.ArgumentParser(usage=__doc__.partition("usage: ")[2])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--changed", action="store_true")
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("folders", nargs="*")
    options = parser.parse_intermixed_args()

    arguments = sources(options.build.resolve())
    names = list(arguments)
    if not options.folders:
        names = [name for name in names if not name.startswith("tests/")]
    if options.folders:
        wanted = tuple(folder.rstrip("/") + "/" for folder in options.folders)
        names = [name for name in names if f"{name}/".startswith(wanted)]
    if options.changed:
        changed = git("diff", "--name-only", "main")
        changed |= git("ls-files", "--others", "--exclude-standard")
        names = [name for name in names if touched(name, changed)]

    read, told = 0, set()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        work = [
            pool.submit(tidy, batch, arguments[batch[0]])
            for batch in batches(names, arguments, 1 if options.each else BATCH)
        ]
        for done in concurrent.futures.as_completed(work):
            for batch, findings in done.result():
                read += len(batch)
                for finding in findings:
                    if finding not in told:  # a header's come with each that includes it
                        print(finding)
                told.update(findings)
                print(f"[{read}/{len(names)}] {' '.join(batch)}", flush=True)
    print(f"{read} sources, {len(told)} findings")
    sys.exit(1 if told else 0)


if __name__ == "__main__":
    main()
