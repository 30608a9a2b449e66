#!/usr/bin/env python3
"""Checks that every tracked C++ file is as clang-format 14 writes it with the tree's .clang-format."""
import pathlib
import subprocess
import sys


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={root}", "ls-files", "*.cpp", "*.hpp"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    if not listed:
        sys.exit("git lists no source file")
    checked = subprocess.run(["clang-format-14", "--dry-run", "-Werror", *listed], cwd=root)
    print(f"{len(listed)} files")
    sys.exit(checked.returncode)


if __name__ == "__main__":
    main()
