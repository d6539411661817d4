"""What is done once a night: all of it, whatever fails."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError

from home.management.commands import nightly
from search.rebuilding import rebuild

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's transaction lives in the connection that each task would have anew."""
    monkeypatch.setattr(nightly, "close_old_connections", lambda: None)


@pytest.fixture
def index(settings: LazySettings, tmp_path: Path) -> None:
    """An index of all that the site has."""
    settings.SEARCH_ENGINE, settings.SEARCH_INDEX_DIR = "embedded", tmp_path / "index"
    rebuild()


def test_it_is_done_on_an_empty_site_and_again(index: None) -> None:
    for _night in range(2):
        call_command("nightly", stdout=StringIO())


def test_an_index_that_differs_is_told(index: None, make_page: Callable[..., Any]) -> None:
    page = make_page(title="邻居装修")
    rebuild()
    call_command("nightly", stdout=StringIO())
    type(page).objects.filter(pk=page.pk).update(title="没有记下的改动")
    with pytest.raises(CommandError, match=r"Failed: verify_search$"):
        call_command("nightly", stdout=StringIO(), stderr=StringIO())


def test_its_tasks_are_commands() -> None:
    assert set(nightly.TASKS) <= set(get_commands())


@pytest.mark.parametrize("error", [CommandError("3 处不符。"), RuntimeError("disk on fire")])
def test_one_that_fails_keeps_no_other_from_being_done(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    done: list[str] = []

    def call(failing: str) -> Callable[..., None]:
        def called(task: str, **options: Any) -> None:
            done.append(task)
            if task == failing:
                raise error

        return called

    monkeypatch.setattr(nightly, "call_command", call("post_points"))
    with pytest.raises(CommandError, match=r"Failed: post_points$"):
        nightly.Command(stdout=StringIO(), stderr=StringIO()).handle(verbosity=1)
    assert done == list(nightly.TASKS)
