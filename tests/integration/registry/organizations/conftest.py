"""Who files, who reviews, and an organization."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from registry.organizations.models import Organization
from registry.places.models import Place

from . import makers


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """Charters of a test go with it."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def writer(db: Any) -> User:
    """Somebody with a public account."""
    return User.objects.create_user(
        "lin@example.org", "lin@example.org", "correct horse battery", display_name="林秀兰"
    )


@pytest.fixture
def reviewer(township: Place, appoint: Callable[..., User]) -> User:
    """A township official of 清溪镇."""
    return appoint(township, Role.TOWNSHIP_OFFICIAL)


@pytest.fixture
def organization(village: Place, writer: User) -> Organization:
    """An organization of 柳河村, managed by the writer."""
    return makers.an_organization(village, writer, name="柳河村舞龙队")


def client_of(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def writing(writer: User) -> Client:
    """The writer's browser."""
    return client_of(writer)


@pytest.fixture
def office(reviewer: User) -> Client:
    """The reviewer's browser."""
    return client_of(reviewer)
