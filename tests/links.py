#!/usr/bin/env python3
"""Checks the documents: every relative link leads to a file of the tree and to a heading in it,
every path of the tree that is named exists, and so does every test that is named
(`tests.integration.history_test.WhoseFolder`)."""
import ast
import pathlib
import re
import subprocess
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.support.markdown import without_code  # noqa: E402

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
NAMED_TEST = re.compile(r"`(tests(?:\.\w+)+)`")
NAMED_PATH = re.compile(r"`((?:actors|backends|config|deploy|docs|metrics|protocols|tests)/[\w./-]*)`")


def tracked():
    listed = subprocess.run(["git", "-c", f"safe.directory={ROOT}", "ls-files", "-co",
                             "--exclude-standard"], cwd=ROOT, check=True, capture_output=True,
                            text=True)
    return {ROOT / line for line in listed.stdout.splitlines()}


def anchors(document):
    """Those that a page of GitHub has."""
    found = set()
    for heading in re.findall(r"^#+ (.*)$", without_code(document.read_text()), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")
        number = 1
        while (name := slug if number == 1 else f"{slug}-{number - 1}") in found:
            number += 1
        found.add(name)
    return found


def is_test(name):
    """Whether `tests.….module.Class.function` is there, from the module on as far as it is named."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        module = ROOT.joinpath(*parts[:length])
        if length == len(parts) and module.is_dir():
            return True
        if module.with_suffix(".py").is_file():
            nodes = ast.parse(module.with_suffix(".py").read_text()).body
            for part in parts[length:]:
                inside = [node for node in nodes if getattr(node, "name", None) == part]
                if not inside:
                    return False
                nodes = inside[0].body
            return True
    return False


def link_problem(link, document, files):
    path, _, anchor = urllib.parse.unquote(link).partition("#")
    to = (document.parent / path).resolve() if path else document
    if to not in files and not any(to in file.parents for file in files):
        return f"{link} leads nowhere"
    if anchor and (to.suffix != ".md" or anchor not in anchors(to)):
        return f"{link}: there is no such heading"
    return None


def problems_of(document, files):
    text = without_code(document.read_text(encoding="utf-8"))

    def found(pattern):
        for match in pattern.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, match[1]

    for line, link in found(LINK):
        if not re.match(r"[a-z]+:", link) and (problem := link_problem(link, document, files)):
            yield line, problem
    for line, name in found(NAMED_TEST):
        if not is_test(name):
            yield line, f"there is no test {name}"
    for line, name in found(NAMED_PATH):
        to = ROOT / name
        if not to.exists() and not list(to.parent.glob(to.name + ".*")):
            yield line, f"there is no {name}"


def main():
    files = tracked()
    documents = sorted(file for file in files if file.suffix == ".md" and file.exists())
    if not documents:
        sys.exit("there is no document")
    bad = 0
    for document in documents:
        for number, problem in problems_of(document, files):
            print(f"{document.relative_to(ROOT)}:{number}: {problem}")
            bad += 1
    print(f"{len(documents)} documents")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
