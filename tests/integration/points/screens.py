"""Pages as somebody sees them."""

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import User


def as_(user: User) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def soup(response: Any) -> BeautifulSoup:
    """A page that is there."""
    assert response.status_code == 200, (response.status_code, getattr(response, "url", ""))
    return BeautifulSoup(response.content, "html.parser")


def text(response: Any) -> str:
    """The words of a page."""
    return soup(response).get_text(" ", strip=True)
