"""The back office's report on pages that need an editor."""

import csv
import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User

from .test_editing import shown

pytestmark = pytest.mark.django_db

URL = "/admin/reports/content-health/"


@pytest.fixture
def pages(make_page: Any, article: Any, cite: Any) -> dict[str, Any]:
    """One page with each problem, and one without any."""
    today = timezone.localdate()
    fresh = {"reviewed_on": today - timedelta(days=10), "reviewed_by": "司法所"}
    old = {"reviewed_on": today - timedelta(days=400), "reviewed_by": "司法所"}
    return {
        "sound": make_page(title="好的", sources=cite(article(1077)), **fresh),
        "past": make_page("question", title="过期的", life_event="wages", **old),
        "never": make_page(title="没审的"),
        "replaced": make_page(title="旧法的", sources=cite(article(1077, current=False)), **fresh),
        "broken": make_page("story", title="断链的", outcome='<p><a href="/guides/meiyou/">看</a></p>', **fresh),
    }


def rows(client: Client, query: str = "") -> dict[str, str]:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    table = BeautifulSoup(response.content, "html.parser").select("table.listing tbody tr")
    return {row.select_one("a").get_text(strip=True): row.select("td")[2].get_text(" ", strip=True) for row in table}


def test_the_report_says_what_is_wrong_with_each_page(client: Client, pages: Any, reviewer: User) -> None:
    client.force_login(reviewer)
    told = rows(client)
    assert set(told) == {"过期的", "没审的", "旧法的", "断链的"}
    assert "复核" in told["过期的"]
    assert "还没有填写审核日期" in told["没审的"]
    assert "《民法典》第一千零七十七条 引用的是旧文本" in told["旧法的"]
    assert "/guides/meiyou/" in told["断链的"]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("problem=past-review", {"过期的"}),
        ("problem=never-reviewed", {"没审的"}),
        ("problem=replaced-article", {"旧法的"}),
        ("problem=broken-link", {"断链的"}),
        ("kind=guide", {"没审的", "旧法的"}),
        ("life_event=wages", {"过期的"}),
        ("kind=story&problem=past-review", set()),
    ],
)
def test_the_report_is_narrowed(client: Client, pages: Any, reviewer: User, query: str, titles: set[str]) -> None:
    client.force_login(reviewer)
    assert set(rows(client, query)) == titles


def test_what_was_repaired_is_no_longer_told(
    client: Client, pages: Any, reviewer: User, article: Any, cite: Any
) -> None:
    page = pages["replaced"]
    page.sources = cite(article(1077))
    page.save_revision().publish()
    pages["past"].unpublish()
    client.force_login(reviewer)
    assert set(rows(client)) == {"没审的", "断链的"}


def test_an_empty_report_is_good_news(client: Client, sections: Any, reviewer: User) -> None:
    client.force_login(reviewer)
    assert "没有发现问题" in client.get(URL).content.decode()


def test_the_report_is_exported_with_its_filters(client: Client, pages: Any, reviewer: User) -> None:
    client.force_login(reviewer)
    text = b"".join(client.get(f"{URL}?export=csv&problem=replaced-article").streaming_content).decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["标题"] == "旧法的"
    assert row["类型"] == "办事指南"
    assert "旧文本" in row["问题"]
    assert row["网址"].endswith(pages["replaced"].url)
    response = client.get(f"{URL}?export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert sheet.max_row == 5


def test_the_report_is_for_those_who_write_or_review(client: Client, pages: Any, editor: User) -> None:
    client.force_login(editor)
    assert len(rows(client)) == 4
    assert "内容体检" in shown(client.get(reverse("wagtailadmin_home")))
    client.force_login(User.objects.create_user("resident", password="x"))
    assert client.get(URL).status_code == 302


def test_the_report_takes_the_same_queries_for_few_and_many(
    client: Client, make_page: Any, article: Any, cite: Any, reviewer: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(reviewer)
    measured = []
    for number in range(8):
        link = f'<p><a href="/guides/meiyou/">看{number}</a></p>'
        make_page("story", title=f"断{number}", outcome=link, sources=cite(article(1077, current=False)))
        if number in (1, 7):
            client.get(URL)
            with django_assert_max_num_queries(45) as captured:
                client.get(URL)
            measured.append(len(captured))
    assert measured[0] == measured[1]


def test_an_editor_is_warned_in_the_form(client: Client, pages: Any, editor: User) -> None:
    client.force_login(editor)
    html = shown(client.get(reverse("wagtailadmin_pages:edit", args=[pages["replaced"].pk])))
    assert "引用的是旧文本" in html
    assert "已被取代" in html  # where the article was chosen
    html = shown(client.get(reverse("wagtailadmin_pages:edit", args=[pages["sound"].pk])))
    assert "内容提醒" not in html
