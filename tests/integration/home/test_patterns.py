"""The pattern page: complete, and for staff."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from home.models import HomePage
from home.patterns import icon_names

URL = "/-/patterns/"


@pytest.fixture
def person(db: None) -> User:
    """Someone without any right."""
    return User.objects.create_user("someone", password="a long enough password")


def test_a_stranger_is_asked_to_sign_in(client: Client, db: None) -> None:
    response = client.get(URL)
    assert response.status_code == 302
    assert response["Location"].startswith(f"{reverse('account:login')}?next=")


def test_who_is_no_staff_is_refused(client: Client, person: User, home_page: HomePage) -> None:
    client.force_login(person)
    assert client.get(URL).status_code == 403


def test_staff_see_every_component(client: Client, person: User, home_page: HomePage) -> None:
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(person)
    response = client.get(URL)
    assert response.status_code == 200
    used = {template.name for template in response.templates}
    folder = Path(settings.BASE_DIR) / "templates" / "components"
    assert {f"components/{path.name}" for path in folder.glob("*.html")} <= used


def test_staff_see_every_icon(client: Client, admin_client: Client, home_page: HomePage) -> None:
    html = admin_client.get(URL).content.decode()
    assert len(icon_names()) > 40
    for name in icon_names():
        assert f'#{name}"' in html
