"""Reports as they leave the site: frozen papers that anybody can verify, spreadsheets, batches; and their screens."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader
from wagtail.models import Page, Site

from accounts.audit import lines_about
from accounts.models import User
from accounts.roles import Role
from home.models import HomePage
from knowledge.points.actions import periods
from knowledge.points.models import Household, Item, Period, Rules, Total
from knowledge.points.reports import batches, output, paper, registry
from knowledge.points.reports.base import FiguresDiffer
from knowledge.points.reports.spans import Span
from printing.errors import PrintingError
from printing.models import Batch, IssuedDocument
from registry.places.models import Place
from tests.integration.points.makers import make_claim, make_household, make_item, make_line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
OCTOBER, SEPTEMBER = Span.parse("2026-10"), Span.parse("2026-09")
PAGES = ("points_report", "points_report_preview", "points_report_xlsx", "points_report_issue")


@pytest.fixture(autouse=True)
def _stored_in_a_folder_of_its_own(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True)
def _front(db: None) -> None:
    """The public pages stand on a home page."""
    root = Page.get_first_root_node()
    if root is None:
        # A test without a transaction around it may find empty tables; it opens no page.
        return
    home = root.add_child(instance=HomePage(title="乡约", slug="front"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})


@pytest.fixture
def points(village: Place, household: Household, cleaning: Item, littering: Item, official: User) -> None:
    """Seven households with two points each in September, one with five taken."""
    for number in range(6):
        make_line(make_household(village, official, code=f"9{number}"), cleaning, official, day=date(2026, 9, 3))
    make_line(household, cleaning, official, day=date(2026, 9, 3))
    make_line(make_household(village, official, head="李老四"), littering, official, day=date(2026, 9, 4))


@pytest.fixture
def issue(village: Place, official: User) -> Callable[..., IssuedDocument]:
    def _issue(name: str = "publicity", place: Place = village, span: Span = SEPTEMBER) -> IssuedDocument:
        return paper.issue(report=registry.get(name), place=place, span=span, by=official)

    return _issue


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def url(place: Place, page: str = "points_report", name: str = "publicity", span: Span = SEPTEMBER) -> str:
    return f"{reverse(page, args=[name])}?place={place.code}&span={span.slug}"


def soup(response: Any) -> BeautifulSoup:
    assert response.status_code == 200, (response.status_code, getattr(response, "url", ""))
    return BeautifulSoup(response.content, "html.parser")


def text(response: Any) -> str:
    return soup(response).get_text(" ", strip=True)


def words(document: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages).replace("\n", "")


# --- papers -----------------------------------------------------------------------------------------------------


def test_a_paper_says_the_figures_and_where_to_object(issue: Any, points: None, village: Place) -> None:
    said = words(issue().content())
    for expected in (
        "柳河村2026年9月积分公示",
        "柳河村村民委员会",
        "公示时间：2026年10月20日至2026年10月26日",
        f"/points/{village.code}/",
        "合计",
        "村务监督委员会",
        "扫码核验真伪",
        "第1页，共1页",
    ):
        assert expected in said.replace(" ", ""), expected
    assert "李老四" not in said


def test_a_paper_is_frozen_and_a_later_one_is_a_new_number(
    issue: Any, points: None, village: Place, household: Household, cleaning: Item, official: User
) -> None:
    first = issue()
    before = first.content()
    make_line(household, cleaning, official, day=date(2026, 9, 20))
    second = issue()
    first.refresh_from_db()
    assert first.content() == before
    assert (first.sequence, second.sequence) == (1, 2)
    assert (first.status, second.status, second.replaces) == ("replaced", "valid", first)
    assert dict(first.facts)["合计"] == "9"
    assert dict(second.facts)["合计"] == "11"
    assert [one.number for one in paper.issued(registry.get("publicity"), village, SEPTEMBER)] == [
        second.number,
        first.number,
    ]
    assert paper.issued(registry.get("publicity"), village, OCTOBER) == []
    [line] = lines_about(second)
    assert (line.details["span"], line.details["replaces"]) == ("2026-09", first.number)


def test_the_verification_page_shows_totals_and_hash(issue: Any, points: None, client: Client) -> None:
    document = issue()
    page = text(client.get(document.verify_url))
    figures = registry.get("publicity").figures(Place.objects.get(code=document.place_code), SEPTEMBER)
    for label, value in figures.facts:
        assert f"{label} {value}" in page
    assert document.sha256 in page
    assert document.number in page
    assert "合计 9" in page


def test_nothing_is_issued_from_figures_that_differ(issue: Any, points: None, household: Household) -> None:
    Total.objects.filter(household=household).update(points=50)
    with pytest.raises(FiguresDiffer):
        issue()
    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize(
    ("name", "span", "above"),
    [("honour-list", "2026-09", False), ("annual", "2026", False), ("summary", "2026-Q3", True)],
)
def test_every_report_is_issued(name: str, span: str, above: bool, issue: Any, points: None, village: Place) -> None:
    place = village.get_parent() if above else village
    document = issue(name, place, Span.parse(span))
    reader = PdfReader(io.BytesIO(document.content()))
    assert reader.metadata is not None
    assert reader.metadata.title == document.title == registry.get(name).title(place, Span.parse(span))
    assert reader.outline
    assert document.number.startswith(registry.get(name).prefix)


def test_a_spreadsheet_says_the_same(points: None, village: Place) -> None:
    figures = registry.get("publicity").figures(village, SEPTEMBER)
    made = output.spreadsheet(registry.get("publicity"), village, SEPTEMBER)
    assert made.filename == "柳河村2026年9月积分公示.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(made.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert figures.fingerprint in rows[1][0]
    assert rows[3][0] == figures.table.rows[0]["code"]
    assert rows[-1][0] == "合计"
    assert rows[-1][7] == figures.totals["earned"] == 9
    lists = openpyxl.load_workbook(
        io.BytesIO(output.spreadsheet(registry.get("honour-list"), village, SEPTEMBER).content)
    )
    assert lists.sheetnames == ["积分排名", "荣誉"]


@pytest.mark.parametrize("of_household", [False, True])
def test_no_spreadsheet_is_made_of_figures_that_differ(
    points: None, village: Place, household: Household, official: User, of_household: bool
) -> None:
    name, query = ("passbook", f"&household={household.pk}") if of_household else ("publicity", "")
    office, address = as_(official), url(village, "points_report_xlsx", name) + query
    assert office.get(address)["Content-Type"].endswith("spreadsheetml.sheet")
    Total.objects.filter(household=household).update(points=50)
    answer = office.get(address)
    assert answer.url == url(village, "points_report", name) + query
    assert "合计与台账不符，不能出具：公共秩序：报表" in text(office.get(answer.url))


def test_a_paper_that_holds_is_not_given_for_a_ledger_that_differs(
    issue: Any, points: None, village: Place, household: Household, cleaning: Item, official: User
) -> None:
    issue()
    report = registry.get("publicity")
    assert paper.issue_unless_unchanged(figures=report.proven(village, SEPTEMBER), by=official).sequence == 1
    kept = Total.objects.get(household=household)
    make_line(household, cleaning, official, day=date(2026, 9, 20))
    Total.objects.filter(pk=kept.pk).update(points=kept.points)
    with pytest.raises(FiguresDiffer):
        report.proven(village, SEPTEMBER)


# --- batches ----------------------------------------------------------------------------------------------------


@pytest.fixture
def neighbour(sibling: Place, official: User) -> Household:
    """A household of the village beside, with a line in September."""
    Rules.objects.create(place=sibling)
    household = make_household(sibling, official)
    make_line(household, make_item(sibling, "清洁", 3), official, day=date(2026, 9, 3))
    return household


def run(report: str, place: Place, user: User, capture: Any, suffix: str = "pdf") -> Batch:
    with capture(execute=True):
        batch = batches.start(report=registry.get(report), place=place, span=SEPTEMBER, suffix=suffix, by=user)
    batch.refresh_from_db()
    return batch


def packed(batch: Batch) -> dict[str, bytes]:
    with batch.archive.open("rb") as stored, zipfile.ZipFile(io.BytesIO(stored.read())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_batch_has_a_paper_for_each_village_and_a_table(
    points: None, neighbour: Household, township: Place, appoint: Any, django_capture_on_commit_callbacks: Any
) -> None:
    user = appoint(township, Role.TOWNSHIP_OFFICIAL)
    files = packed(run("publicity", township, user, django_capture_on_commit_callbacks))
    names = ["柳河村2026年9月积分公示.pdf", "𠅤山村2026年9月积分公示.pdf", "清溪镇2026年9月积分公示各村合计.xlsx"]
    assert list(files) == names
    table = openpyxl.load_workbook(io.BytesIO(files[names[2]])).active
    rows = [[cell.value for cell in row] for row in table.iter_rows(min_row=2)]
    assert [(row[0], row[-2]) for row in rows[1:]] == [("云溪县清溪镇柳河村", 9), ("云溪县清溪镇𠅤山村", 3)]
    assert {one.issued_by for one in IssuedDocument.objects.all()} == {user}
    again = packed(run("publicity", township, user, django_capture_on_commit_callbacks))
    assert again == files
    assert IssuedDocument.objects.count() == 2


def test_one_village_that_fails_is_told_and_the_rest_is_made(
    points: None, neighbour: Household, township: Place, appoint: Any, django_capture_on_commit_callbacks: Any
) -> None:
    Total.objects.filter(household=neighbour).update(points=77)
    user = appoint(township, Role.TOWNSHIP_OFFICIAL)
    batch = run("publicity", township, user, django_capture_on_commit_callbacks, "xlsx")
    assert list(packed(batch)) == ["柳河村2026年9月积分公示.xlsx", "清溪镇2026年9月积分公示各村合计.xlsx"]
    [failed] = batch.items.filter(status="failed")
    assert failed.label == "𠅤山村"
    assert "合计与台账不符" in failed.error
    table = openpyxl.load_workbook(io.BytesIO(packed(batch)["清溪镇2026年9月积分公示各村合计.xlsx"])).active
    assert "合计与台账不符" in [cell.value for cell in list(table.iter_rows())[-1]][-1]
    page = text(as_(user).get(batch.get_absolute_url()))
    assert "𠅤山村" in page
    assert "合计与台账不符" in page


def test_a_batch_asks_again_who_began_it(
    points: None, neighbour: Household, township: Place, village: Place, official: User,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    batch = run("publicity", township, official, django_capture_on_commit_callbacks, "xlsx")
    assert list(packed(batch)) == ["柳河村2026年9月积分公示.xlsx"]
    assert set(batch.items.filter(status="failed").values_list("error", flat=True)) == {"您已经没有这里的权限。"}


@pytest.mark.django_db(transaction=True)
def test_issuing_and_batches_need_no_transaction_around_them(points: None, village: Place, official: User) -> None:
    report = registry.get("honour-list")
    document = paper.issue(report=report, place=village, span=SEPTEMBER, by=official)
    batch = batches.start(report=report, place=village, span=SEPTEMBER, suffix="pdf", by=official)
    assert [lines_about(one).count() for one in (document, batch)] == [1, 1]


def test_a_batch_of_nothing_is_refused(other_township: Place, official: User) -> None:
    with pytest.raises(PrintingError, match="没有记积分的村"):
        run("publicity", other_township, official, lambda **_: CaptureQueriesContext(connection))


# --- screens ----------------------------------------------------------------------------------------------------


def test_the_index_leads_to_every_report(official: User) -> None:
    page = soup(as_(official).get(reverse("points_reports")))
    links = {link["href"] for link in page.select(".xy-card a")}
    assert links == {reverse("points_report", args=[report.name]) for report in registry.all_reports()}


def test_the_screen_shows_the_figures_of_its_address(points: None, village: Place, official: User) -> None:
    page = soup(as_(official).get(url(village)))
    figures = registry.get("publicity").figures(village, SEPTEMBER)
    shown = [[cell.get_text(strip=True) for cell in row.select("td")] for row in page.select(".xy-report tbody tr")]
    assert [row[0] for row in shown] == [row["code"] for row in figures.table.rows]
    assert page.select(".xy-report tfoot td")[-2].get_text(strip=True) == "9"
    assert page.select_one("select[name=span] option[selected]")["value"] == "2026-09"
    ordered = soup(as_(official).get(f"{url(village)}&order=-earned")).select(".xy-report tbody tr")
    assert ordered[-1].select("td")[7].get_text(strip=True) == "-5"
    assert len(soup(as_(official).get(url(village, span=OCTOBER))).select(".xy-report tbody tr")) == 8
    assert "没有记录" in text(as_(official).get(url(village, name="honour-list", span=OCTOBER)))


def test_long_tables_are_shown_page_by_page(village: Place, official: User) -> None:
    for _number in range(53):
        make_household(village, official)
    office = as_(official)
    first, second = (soup(office.get(f"{url(village)}&p={page}&order=-code")) for page in (1, 2))
    assert (len(first.select(".xy-report tbody tr")), len(second.select(".xy-report tbody tr"))) == (50, 3)
    assert not first.select("tfoot")
    assert second.select("tfoot")
    assert any("order=-code" in link["href"] and "p=2" in link["href"] for link in first.select("a[href]"))


def test_an_official_issues_after_being_told(
    points: None, village: Place, household: Household, cleaning: Item, official: User
) -> None:
    make_claim(household, cleaning, official)
    office = as_(official)
    asked = text(office.get(url(village, "points_report_issue", span=OCTOBER)))
    for doubt in ("还没有结束", "1 笔申报还没有审完"):
        assert doubt in asked
    assert "还没有结账" in text(office.get(url(village)))
    assert not IssuedDocument.objects.exists()
    done = text(office.post(url(village, "points_report_issue"), follow=True))
    document = IssuedDocument.objects.get()
    assert f"已出具：{document.number}" in done
    assert document.grouped_code in done
    assert document.number in text(office.get(url(village, "points_report_issue")))
    opened = office.get(reverse("points_report_paper", args=[document.pk]))
    assert opened.content == document.content()
    assert "filename*=utf-8''%E6%9F%B3" in opened["Content-Disposition"]
    make_line(household, cleaning, official, day=date(2026, 9, 21))
    assert "出具以后数据有变" in text(office.get(url(village)))


def test_the_language_of_the_screen_changes_no_figure(points: None, village: Place, issue: Any) -> None:
    report, year = registry.get("annual"), Span.parse("2026")
    document = issue("annual", village, year)
    with translation.override("en"):
        assert paper.reckoned(report, village, year).fingerprint == document.fingerprint


def test_a_closed_month_raises_no_doubt(points: None, village: Place, official: User) -> None:
    assert paper.doubts(village, SEPTEMBER) == ["还没有结账，以后记在这一期的账会改变这张表。"]
    periods.close(place=village, day=SEPTEMBER.first_day, kind="month", by=official)
    assert Period.objects.get(first_day=SEPTEMBER.first_day).closed_at
    assert paper.doubts(village, SEPTEMBER) == []


def test_files_are_called_in_chinese(points: None, village: Place, official: User) -> None:
    office = as_(official)
    preview = office.get(url(village, "points_report_preview"))
    assert "预览件" in words(preview.content)
    assert preview["Content-Disposition"].startswith("inline; filename*=utf-8''%E9%A2%84")
    sheet = office.get(url(village, "points_report_xlsx"))
    assert sheet["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%9F%B3")


@pytest.mark.parametrize("page", PAGES)
def test_a_village_beside_is_not_there(
    page: str, points: None, village: Place, sibling: Place, township: Place, appoint: Any, issue: Any
) -> None:
    Rules.objects.create(place=sibling)
    stranger = as_(appoint(sibling, *Role.values))
    assert stranger.get(url(village, page)).status_code == 404
    assert stranger.get(url(township, page, "summary")).status_code == 404
    assert stranger.post(url(village, "points_report_issue")).status_code == 404
    assert stranger.post(url(township, "points_report_batch"), {"format": "pdf"}).status_code == 404
    if page == "points_report":
        document = issue()
        assert stranger.get(reverse("points_report_paper", args=[document.pk])).status_code == 404
        assert text(stranger.get(reverse(page, args=["publicity"])))
        assert "没有这张报表" in text(stranger.get(reverse(page, args=["summary"])))
    assert IssuedDocument.objects.filter(issued_by__isnull=True).count() == 0


def test_who_may_look_may_not_issue(points: None, village: Place, county: Place, panel: Any, appoint: Any) -> None:
    for user in (panel[0], appoint(county, Role.COUNTY_AUDITOR)):
        office = as_(user)
        page = soup(office.get(url(village)))
        assert not page.select(f"a[href^='{reverse('points_report_issue', args=['publicity'])}']")
        assert office.post(url(village, "points_report_issue")).url == reverse("wagtailadmin_home")
        assert office.post(url(county, "points_report_batch"), {"format": "pdf"}).url == reverse("wagtailadmin_home")
    editor = as_(appoint(county, Role.EDITOR))
    assert editor.get(reverse("points_reports")).url == reverse("wagtailadmin_home")
    assert not IssuedDocument.objects.exists()


def test_a_township_sees_its_villages_and_begins_a_batch(
    points: None, village: Place, neighbour: Household, township: Place, appoint: Any, issue: Any
) -> None:
    office, document = as_(appoint(township, Role.TOWNSHIP_OFFICIAL)), issue()
    page = text(office.get(url(township)))
    assert "柳河村 未结账" in page
    assert document.number in page
    answer = office.post(url(township, "points_report_batch"), {"format": "xlsx"})
    batch = Batch.objects.get()
    assert answer.url == batch.get_absolute_url()
    assert [item.label for item in batch.items.order_by("position")] == ["柳河村", "𠅤山村", "汇总表"]
    assert office.post(url(township, "points_report_batch"), {"format": "docx"}).status_code == 404
    assert office.post(url(village, "points_report_batch"), {"format": "pdf"}).status_code == 404
    assert office.get(url(township, "points_report_preview")).status_code == 404


@pytest.mark.parametrize("query", ["span=2026-13", "span=x", "place=1", "span=2026-09&place=990100001201-01"])
def test_a_wrong_address_is_not_there(query: str, village: Place, grid: Place, official: User) -> None:
    assert as_(official).get(f"{reverse('points_report', args=['publicity'])}?{query}").status_code == 404


def test_reports_are_of_the_spans_that_they_take(village: Place, official: User) -> None:
    office = as_(official)
    assert office.get(url(village, name="annual", span=OCTOBER)).status_code == 404
    assert office.get(url(village, name="annual", span=Span.parse("2025"))).status_code == 200
    assert office.get(reverse("points_report", args=["nothing"])).status_code == 404


def test_a_screen_takes_as_many_queries_however_many_households(points: None, village: Place, official: User) -> None:
    office, counts = as_(official), []
    for _more in range(2):
        with CaptureQueriesContext(connection) as queries:
            office.get(url(village))
        counts.append(len(queries))
        for _number in range(5):
            make_household(village, official)
    assert counts[1] <= counts[0] <= 30, [query["sql"][:150] for query in queries]
