"""docs/api.md as tests run it: its blocks, each with what stands behind its three back-quotes."""

from tests.support.harness import ROOT
from tests.support.markdown import examples

MODULES = ("follow.mjs", "events.mjs")  # of docs/examples


def blocks():
    """[(kind, text)] in the guide's order."""
    return examples((ROOT / "docs" / "api.md").read_text(encoding="utf-8"))


def example(name):
    """The text of a file in docs/examples, which has to stand in the guide as it is."""
    text = (ROOT / "docs" / "examples" / name).read_text(encoding="utf-8")
    if (f"javascript {name}", text) not in blocks():
        raise AssertionError(f"docs/api.md does not show docs/examples/{name} as it is")
    return text
