"""The passbook of one household, out of the overview of its village."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from knowledge.points.models import Household, Item
from knowledge.points.reports import registry
from knowledge.points.reports.spans import Span
from printing.models import IssuedDocument
from registry.places.models import Place
from tests.integration.points.makers import make_household, make_line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def client_(official: User) -> Client:
    client = Client()
    client.force_login(official, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def lines(household: Household, cleaning: Item, official: User) -> None:
    """Two points in August, two and two in September."""
    for day in (date(2026, 8, 3), date(2026, 9, 3), date(2026, 9, 9)):
        make_line(household, cleaning, official, day=day)


def url(place: Place, page: str = "points_report", **query: Any) -> str:
    asked = "".join(f"&{key}={value}" for key, value in query.items())
    return f"{reverse(page, args=['passbook'])}?place={place.code}&span=2026-09{asked}"


@pytest.mark.usefixtures("lines")
def test_the_overview_leads_to_the_household(client_: Client, village: Place, household: Household) -> None:
    page = BeautifulSoup(client_.get(url(village)).content, "html.parser")
    [link] = [one for one in page.find_all("a") if one.get_text() == household.code]
    text = BeautifulSoup(client_.get(link["href"]).content, "html.parser").get_text(" ", strip=True)
    assert "202609-0001" in text
    assert "202608-0001" not in text
    figures = registry.get("passbook").of_household(village, household.pk).figures(village, Span.parse("2026-09"))
    said = dict(figures.summary)
    assert (said["期初余额"], said["本期积分"], said["期末余额"]) == (2, 4, 6)
    assert [row["balance"] for row in figures.table.rows] == [4, 6]


@pytest.mark.usefixtures("lines")
def test_it_is_issued_apart_from_that_of_the_village(
    client_: Client, village: Place, household: Household, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    for query in ({}, {"household": household.pk}):
        client_.post(url(village, "points_report_issue", **query))
    whole, one = IssuedDocument.objects.order_by("pk")
    assert one.is_valid
    assert whole.is_valid
    assert household.code in one.subject
    # The verification page is public.
    assert household.head not in f"{one.facts}{one.title}{one.subject}{one.filename}"


@pytest.mark.usefixtures("lines")
def test_its_spreadsheet_has_its_lines(client_: Client, village: Place, household: Household) -> None:
    answer = client_.get(url(village, "points_report_xlsx", household=household.pk))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    assert len(book.worksheets) == 1
    numbers = [cell.value for cell in next(book.worksheets[0].iter_cols(min_col=2, max_col=2))]
    assert numbers[-3:-1] == ["202609-0001", "202609-0002"]


@pytest.mark.parametrize(
    "page", ["points_report", "points_report_preview", "points_report_xlsx", "points_report_issue"]
)
def test_a_household_of_another_village_is_not_there(
    client_: Client, village: Place, sibling: Place, official: User, page: str
) -> None:
    other = make_household(sibling, official)
    assert client_.get(url(village, page, household=other.pk)).status_code == 404
    assert client_.get(url(sibling, page, household=other.pk)).status_code == 404
    assert client_.get(url(village, page, household="x")).status_code == 404


def test_reports_that_are_of_no_household_know_none(client_: Client, village: Place, household: Household) -> None:
    address = f"{reverse('points_report', args=['ledger'])}?place={village.code}&household={household.pk}"
    assert client_.get(address).status_code == 404
