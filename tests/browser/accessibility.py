"""axe-core in a real browser: what of the Web Content Accessibility Guidelines a machine can check."""

import os
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe_source() -> str:
    """The script that checks a page. Skips the test when it is not installed; under CI that is a failure."""
    if not AXE.is_file():
        reason = "axe-core is not there: run npm ci in tests/browser"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return AXE.read_text(encoding="utf-8")


def violations(page: Any) -> list[str]:
    """What axe finds on the page as it stands, each finding on a line with the element that it is about."""
    # Evaluated by the debugger, so that the page's own policy need not allow it.
    page.evaluate(axe_source())
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [
        f"{violation['id']}: {node['html'][:200]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def overflow(page: Any) -> int:
    """By how many pixels the page is wider than the window; a reader should never have to scroll sideways."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width
