"""The reader's choices of script and type: kept, checked, and back to the same page."""

import pytest
from django.conf import LazySettings
from django.test import Client

from home.models import HomePage

URL = "/-/preferences/"


def test_a_choice_is_kept_for_a_year(client: Client) -> None:
    response = client.post(URL, {"script": "hant", "next": "/laws/minfadian/1079/"})
    assert response.status_code == 303
    assert response["Location"] == "/laws/minfadian/1079/"
    cookie = response.cookies["script"]
    assert cookie.value == "hant"
    assert cookie["max-age"] == 365 * 24 * 3600
    assert cookie["samesite"] == "Lax"
    assert cookie["httponly"]
    assert "type" not in response.cookies


def test_the_cookie_is_as_secure_as_the_session(client: Client, settings: LazySettings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    assert client.post(URL, {"type": "large"}).cookies["type"]["secure"]


def test_it_needs_no_token(home_page: HomePage) -> None:
    response = Client(enforce_csrf_checks=True).post(URL, {"type": "large", "next": "/"})
    assert response.status_code == 303
    assert response.cookies["type"].value == "large"


@pytest.mark.parametrize("value", ["", "klingon", "HANT", "hant; path=/", "\x00"])
def test_an_unknown_choice_is_not_kept(client: Client, value: str) -> None:
    assert not client.post(URL, {"script": value, "type": value, "next": "/"}).cookies


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil.example", ""],
)
def test_nobody_is_sent_to_another_site(client: Client, target: str) -> None:
    assert client.post(URL, {"type": "large", "next": target})["Location"] == "/"


def test_the_query_of_the_page_is_kept(client: Client) -> None:
    target = "/search/?q=%E7%A6%BB%E5%A9%9A&page=2"
    assert client.post(URL, {"type": "large", "next": target})["Location"] == target


def test_it_cannot_be_set_by_a_link(client: Client) -> None:
    response = client.get(URL, {"script": "hant"})
    assert response.status_code == 405
    assert not response.cookies


def test_the_choice_is_seen_on_the_next_page_and_can_be_undone(client: Client, home_page: HomePage) -> None:
    client.post(URL, {"script": "hant", "next": "/"})
    client.post(URL, {"type": "large", "next": "/"})
    html = client.get("/").content.decode()
    assert '<html lang="zh-Hant" data-type="large">' in html
    assert "首頁" in html
    assert ">简体</button>" in html
    client.post(URL, {"script": "hans", "next": "/"})
    html = client.get("/").content.decode()
    assert '<html lang="zh-Hans" data-type="large">' in html
    assert "首页" in html
