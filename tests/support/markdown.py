"""Parts of the documents: sections, blocks of code, tables."""

import collections
import re

# What stands behind the three back-quotes, and the block.
Example = collections.namedtuple("Example", "kind text")

CODE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def without_code(text):
    """The same length, with blanks where blocks of code were."""
    return CODE.sub(lambda block: re.sub(r"[^\n]", " ", block[0]), text)


def section(text, heading):
    """What stands below a heading, with the sections below it."""
    plain = without_code(text)
    found = re.search(rf"^(#+) {re.escape(heading)}$", plain, re.MULTILINE)
    if not found:
        raise AssertionError(f"there is no section {heading}")
    end = re.compile(rf"^#{{1,{len(found[1])}}} ", re.MULTILINE).search(plain, found.end())
    return text[found.end():end.start() if end else len(text)]


def examples(text):
    """The blocks of code, in their order."""
    found = [Example(*block) for block in CODE.findall(text)]
    if not found:
        raise AssertionError("there are no examples")
    return found


def first_column(text):
    """What stands in code in the first cells of the tables, in their order."""
    cells = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
    return [code for cell in cells for code in re.findall(r"`([^`]+)`", cell)]
