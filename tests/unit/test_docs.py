"""The documents stay true: a setting or a command that is not told of fails here."""

import pkgutil
import re
from pathlib import Path

import pytest
from django.conf import settings

from home.management.commands import nightly

ROOT = Path(settings.BASE_DIR)
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")


def settings_read() -> set[str]:
    files = (ROOT / "site/config/settings").glob("*.py")
    found = {
        name
        for file in files
        for name in re.findall(r'\b(?:env(?:\.\w+)?|secret)\(\s*"(\w+)"', file.read_text("utf-8"))
    }
    assert len(found) > 20
    return found


def documented() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, flags=re.MULTILINE)) - {"DJANGO_SETTINGS_MODULE"}


def test_every_setting_is_documented():
    assert settings_read() - documented() == set()


def test_no_setting_is_documented_that_is_not_read():
    assert documented() - settings_read() == set()


def own_commands() -> list[str]:
    files = [*ROOT.glob("*/*/management/commands/*.py"), *ROOT.glob("*/management/commands/*.py")]
    return sorted(file.stem for file in files if not file.stem.startswith("_") and ".venv" not in file.parts)


@pytest.mark.parametrize("command", own_commands())
def test_every_command_is_documented(command):
    assert f"`{command}" in OPERATIONS or f"manage.py {command}" in OPERATIONS


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_readme_begins_with_the_two_commands(name):
    head = (ROOT / name).read_text(encoding="utf-8")[:900]
    assert "make demo" in head
    assert "make test" in head


def test_make_targets_named_in_documents_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    texts = [file.read_text(encoding="utf-8") for file in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]]
    named = {name for text in texts for name in re.findall(r"`make ([a-z-]+)", text)}
    assert named - targets == set()


def test_what_the_night_does_is_told_in_its_order():
    told = next(line for line in OPERATIONS.splitlines() if line.startswith("| `nightly` |"))
    assert re.findall(r"`(\w+)`", told)[1:] == list(nightly.TASKS)


def test_what_the_glossary_points_to_is_there():
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:accounts|home|knowledge|printing|registry|search)(?:\.\w+)+)", glossary))
    assert len(named) > 30
    assert {name for name in named if not is_there(name)} == set()


def is_there(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


def test_links_between_documents_lead_somewhere():
    for file in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), f"{file.name}: {target}"
