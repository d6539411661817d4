"""Pages of errors: in Chinese, with a way on, and standing when the database does not."""

import re
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views import defaults

from home import views
from home.models import HomePage

HEADINGS = {
    "400": "这个请求网站看不懂",
    "403": "这一页不对外开放",
    "403_csrf": "没有提交成功",
    "404": "没有找到这一页",
    "429": "操作太快了",
    "500": "网站出错了",
    "503": "网站正在维护",
}


@pytest.mark.parametrize(("name", "heading"), HEADINGS.items())
def test_each_says_what_happened_and_whom_to_call(name: str, heading: str) -> None:
    html = render_to_string(f"{name}.html")
    assert re.search(rf'<h1 class="page-title">\s*{heading}', html)
    assert "12348" in html
    assert "12345" in html
    assert 'name="robots" content="noindex"' in html
    assert 'href="/"' in html


@pytest.mark.parametrize("name", ["400", "403", "404", "500"])
def test_a_lost_reader_can_search_at_once(name: str) -> None:
    assert 'id="q-large"' in render_to_string(f"{name}.html")


def test_who_is_stopped_for_haste_is_told_how_long() -> None:
    assert "请等 42 秒再试" in render_to_string("429.html", {"retry_after": 42})


def test_a_page_that_is_not_there(client: Client, home_page: HomePage) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "没有找到这一页" in response.content.decode()


def test_the_choices_of_the_reader_hold_on_an_error(client: Client, home_page: HomePage) -> None:
    client.cookies["type"] = "large"
    client.cookies["script"] = "hant"
    html = client.get("/nowhere/").content.decode()
    assert '<html lang="zh-Hant" data-type="large">' in html
    assert "沒有找到這一頁" in html


def test_a_failing_database_still_gives_a_page(client: Client, home_page: HomePage) -> None:
    client.raise_request_exception = False
    client.cookies["type"] = "large"

    def fail(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("the disk is full")

    with mock.patch("django.db.backends.utils.CursorWrapper.execute", fail):
        response = client.get("/")
    assert response.status_code == 500
    html = response.content.decode()
    assert "网站出错了" in html
    assert 'data-type="large"' in html
    assert "the disk is full" not in html


@pytest.mark.parametrize(
    ("view", "error", "status"),
    [
        (views.bad_request, SuspiciousOperation("secret"), 400),
        (defaults.permission_denied, PermissionDenied("secret"), 403),
    ],
)
def test_what_was_refused_is_not_explained_to_strangers(
    view: Any, error: Exception, status: int, rf: RequestFactory, home_page: HomePage
) -> None:
    request: HttpRequest = rf.get("/", HTTP_HOST="localhost")
    response = view(request, error)
    assert response.status_code == status
    assert "secret" not in response.content.decode()


def test_an_error_of_the_server_asks_nothing_of_the_database(rf: RequestFactory) -> None:
    # No `db` fixture: a query would fail this test.
    assert views.server_error(rf.get("/")).status_code == 500
