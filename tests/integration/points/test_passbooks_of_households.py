"""The passbook of one household, out of the overview of its village."""

import io
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import User
from knowledge.points.actions import claims
from knowledge.points.models import Household, Item, Objection
from knowledge.points.reports import registry
from knowledge.points.reports.spans import Span
from printing.models import IssuedDocument
from registry.places.models import Place
from tests.integration.points.conftest import TODAY
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


def url(place: Place, page: str = "points_report", span: str = "2026-09", **query: Any) -> str:
    asked = "".join(f"&{key}={value}" for key, value in query.items())
    return f"{reverse(page, args=['passbook'])}?place={place.code}&span={span}{asked}"


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


@pytest.fixture
def answered(household: Household, cleaning: Item, official: User, enter: Any, publicize: Any) -> Objection:
    """The household and a neighbour objected to one claim; both objections failed."""
    claim = publicize(enter(household, cleaning))
    who = {"name": household.head, "phone": household.phone}
    own = claims.object_to(claim=claim, text="我们去了两个人。", own=True, **who)
    other = claims.object_to(claim=claim, name="李四", phone="13900005678", text="那天他在外地")
    claims.decide_objection(objection=other, upheld=False, answer="李四看错了人。", by=official)
    return claims.decide_objection(objection=own, upheld=False, answer="签到表上只有一个人。", by=official)


@pytest.mark.parametrize("of_one", [True, False])
def test_it_tells_how_its_own_objections_were_answered(
    client_: Client, village: Place, household: Household, official: User, answered: Objection, of_one: bool
) -> None:
    make_household(village, official)
    query = {"span": "2026-10"} | ({"household": household.pk} if of_one else {})
    screen = BeautifulSoup(client_.get(url(village, **query)).content, "html.parser")
    assert "签到表上只有一个人。" in screen.select("table.xy-report")[-1].get_text()
    book = openpyxl.load_workbook(io.BytesIO(client_.get(url(village, "points_report_xlsx", **query)).content))
    [said] = book["异议的答复"].iter_rows(min_row=4, values_only=True)
    day = datetime.combine(TODAY, time.min)
    told = (answered.claim.number, "参加村庄清洁日 +2", day, day, "异议不成立", "签到表上只有一个人。")
    assert said == (told if of_one else (household.code, household.head, *told))
    pdf = PdfReader(io.BytesIO(client_.get(url(village, "points_report_preview", **query)).content))
    [page] = [text for one in pdf.pages if "异议的答复" in (text := one.extract_text().replace("\n", ""))]
    assert f"户号 {household.code}" in page
    assert "签到表上只有一个人。" in page
    for text in (screen.get_text(), str(said), *(one.extract_text() for one in pdf.pages)):
        assert "李四" not in text


@pytest.mark.usefixtures("lines", "answered")
def test_a_span_without_answers_has_no_table_of_them(village: Place, household: Household) -> None:
    of_village, september = registry.get("passbook"), Span.parse("2026-09")
    assert len(of_village.figures(village, september).tables) == 2
    assert len(of_village.of_household(village, household.pk).figures(village, september).tables) == 1


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
