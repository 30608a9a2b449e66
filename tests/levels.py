#!/usr/bin/env python3
"""Checks who includes whom, and prints the graph of the folders.

A file includes from its own folder, from files directly in its parent folders, and from lower
levels; beyond that only along the edges listed below. Some folders must also stay clear of a
library, directly and through what they include. Each violation is named with file and line, and
the exit status is then 1.

usage: tests/levels.py [ROOT]
"""
import pathlib
import re
import sys

# The level of a folder, or of the nearest folder above it that is listed. main.cpp is the root.
LEVELS = {
    "protocols/model": 0,
    "protocols/messages": 1,
    "metrics": 1,
    "protocols/wire": 2,
    "backends": 2,
    "actors": 3,
    "protocols/bridge": 4,
    "protocols/http": 5,
    "protocols/websocket": 5,
    "protocols/client": 5,
    "config": 6,
    ".": 7,
}

# (files that include, folder that is included): regular expressions.
EDGES = [
    (r"backends/\w+/.*", r"backends/ordered_kv"),  # engines build on the generic store
    (r"backends/files/.*", r"backends/memory"),  # its tree, beside the files
    (r"backends/\w+/.*", r"backends/commit_record"),  # engines without transactions, on theirs
    (r"backends/registry\.\w+", r"backends/\w+"),  # the one table of engines
    (r"actors/system/.*", r"actors/\w+"),  # start order and phased stop
    (r"protocols/http/.*", r"protocols/websocket"),  # the upgrade
]

# (files, what they must not reach, why): also through what they include.
PURITY = [
    (r"(backends|protocols/(model|wire|client))/.*", r"caf/.*", "compiles without CAF"),
    (r"actors/.*", r"boost/beast.*", "compiles without Beast"),
    (r".*", r"caf/all\.hpp", "costs seconds in every file"),
]

MOST_LINES = 400
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def sources(root):
    for top in ("protocols", "actors", "backends", "metrics", "config"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in (".hpp", ".cpp"):
                yield path.relative_to(root).as_posix()
    if (root / "main.cpp").exists():
        yield "main.cpp"


def folder(file):
    return pathlib.PurePosixPath(file).parent.as_posix()


def level(of):
    path = pathlib.PurePosixPath(of)
    for candidate in (path, *path.parents):
        if candidate.as_posix() in LEVELS and (candidate.as_posix() != "." or of == "."):
            return LEVELS[candidate.as_posix()]
    return None


def may_include(file, included):
    source, target = folder(file), folder(included)
    if source == target or (source + "/").startswith(target + "/"):
        return True
    if level(target) < level(source):
        return True
    return any(re.fullmatch(a, file) and re.fullmatch(b, target) for a, b in EDGES)


def read(root):
    """file -> [(line number, kind of quote, name)], and file -> its number of lines."""
    includes, lines = {}, {}
    for file in sources(root):
        text = (root / file).read_text(encoding="utf-8").splitlines()
        lines[file] = len(text)
        includes[file] = [
            (number, *match.groups())
            for number, line in enumerate(text, 1)
            if (match := INCLUDE.match(line))
        ]
    return includes, lines


def reachable(file, includes):
    """(line in `file`, name of what it reaches) for all that is included, at any depth."""
    for line, _, name in includes[file]:
        seen, waiting = set(), [name]
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            yield line, current
            waiting.extend(entry[2] for entry in includes.get(current, []))


def violations(root, includes, lines):
    for file, count in lines.items():
        if count > MOST_LINES:
            yield f"{file}:{count}: more than {MOST_LINES} lines"
        if level(folder(file)) is None:
            yield f"{file}:1: its folder has no level; add it to LEVELS"
            continue
        for line, quote, name in includes[file]:
            if quote == "<":
                continue
            if not (root / name).is_file() or name not in includes:
                yield f'{file}:{line}: "{name}" is not a source file relative to the root'
            elif level(folder(name)) is not None and not may_include(file, name):
                yield (
                    f"{file}:{line}: level {level(folder(file))} must not include "
                    f'"{name}" of level {level(folder(name))}'
                )
        for pattern, unwanted, why in PURITY:
            if re.fullmatch(pattern, file):
                for line, name in reachable(file, includes):
                    if re.fullmatch(unwanted, name):
                        yield f"{file}:{line}: reaches <{name}>, but {pattern} {why}"


def print_graph(includes):
    graph = {}
    for file, found in includes.items():
        targets = graph.setdefault(folder(file), set())
        targets.update(folder(name) for _, _, name in found if name in includes)
    for source in sorted(graph, key=lambda name: (level(name) or 0, name)):
        targets = " ".join(sorted(graph[source] - {source}))
        print(f"{level(source)} {source} -> {targets}".rstrip(" ->"))


def main():
    default = pathlib.Path(__file__).resolve().parent.parent
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    includes, lines = read(root)
    if not includes:
        sys.exit(f"{root}: no sources found")
    print_graph(includes)
    found = list(violations(root, includes, lines))
    for violation in found:
        print(violation, file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
