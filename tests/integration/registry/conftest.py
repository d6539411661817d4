"""A county with two townships, and people who hold a role somewhere in it."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.core import mail
from django.utils import translation

from accounts.models import Appointment, User
from accounts.roles import Role
from registry.places.models import Kind, Place

_numbers = itertools.count(1)

Letter = tuple[list[str], str, str]
"""To whom, the subject, the text between the greeting and the foot."""
Letters = Callable[[], AbstractContextManager[list[Letter]]]


@pytest.fixture
def county(db: Any) -> Place:
    """云溪县."""
    return Place.add_root(code="990100", name="云溪县", kind=Kind.COUNTY)


@pytest.fixture
def township(county: Place) -> Place:
    """清溪镇, with the two villages."""
    return county.add_child(code="990100001", name="清溪镇", kind=Kind.TOWNSHIP)


@pytest.fixture
def village(township: Place) -> Place:
    """柳河村."""
    return township.add_child(code="990100001201", name="柳河村", kind=Kind.VILLAGE)


@pytest.fixture
def sibling(township: Place, village: Place) -> Place:
    """𠅤山村, beside 柳河村 in the same township."""
    return township.add_child(code="990100001202", name="𠅤山村", kind=Kind.VILLAGE)


@pytest.fixture
def other_township(county: Place, township: Place) -> Place:
    """石桥乡."""
    return county.add_child(code="990100002", name="石桥乡", kind=Kind.TOWNSHIP)


@pytest.fixture
def grid(village: Place) -> Place:
    """柳河东网格 in 柳河村."""
    return village.add_child(code="990100001201-01", name="柳河东网格", kind=Kind.GRID)


@pytest.fixture
def appoint(db: Any) -> Callable[..., User]:
    """`appoint(place, Role.VILLAGE_OFFICIAL, user=None)`: the user, new unless given, who holds the role there.

    Several roles may be named: `appoint(village, *Role.values)`.
    """

    def _appoint(place: Place, *roles: str, user: User | None = None) -> User:
        if user is None:
            number = next(_numbers)
            user = User.objects.create_user(f"person{number}", f"person{number}@example.org", "correct horse battery")
        for role in roles or (Role.VILLAGE_OFFICIAL,):
            Appointment.objects.create(user=user, role=role, place=place)
        # A new object: the roles that an old one has read are kept on it.
        return User.objects.get(pk=user.pk)

    return _appoint


@pytest.fixture
def sent(settings: Any, django_capture_on_commit_callbacks: Callable[..., Any]) -> Letters:
    """The letters that the block sends, while whoever acts reads the site in English."""
    settings.WAGTAILADMIN_BASE_URL = "https://xiangyue.example/"
    foot = "这封邮件由系统自动发出，请不要回复。\n乡约\nhttps://xiangyue.example\n"

    @contextmanager
    def letters() -> Iterator[list[Letter]]:
        found: list[Letter] = []
        mail.outbox.clear()
        with translation.override("en"), django_capture_on_commit_callbacks(execute=True):
            yield found
        for message in mail.outbox:
            assert message.body.startswith("您好：\n\n")
            assert message.body.endswith(foot)
            text = message.body.removeprefix("您好：\n\n").removesuffix(foot).strip()
            found.append((message.to, message.subject, text))

    return letters
