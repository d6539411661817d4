"""Reports as files: frozen papers that anybody can verify, and spreadsheets."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from accounts.audit import lines_about
from accounts.models import User
from knowledge.points.models import Household, Item, Total
from knowledge.points.reports import output, paper, registry
from knowledge.points.reports.base import FiguresDiffer
from knowledge.points.reports.spans import Span
from printing.models import IssuedDocument
from registry.places.models import Place
from tests.integration.points.makers import make_line
from tests.integration.points.reports.addresses import OCTOBER, SEPTEMBER, url, words
from tests.integration.points.screens import as_, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


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


def test_the_language_of_the_screen_changes_no_figure(points: None, village: Place, issue: Any) -> None:
    report, year = registry.get("annual"), Span.parse("2026")
    document = issue("annual", village, year)
    with translation.override("en"):
        assert paper.reckoned(report, village, year).fingerprint == document.fingerprint


def test_files_are_called_in_chinese(points: None, village: Place, official: User) -> None:
    office = as_(official)
    preview = office.get(url(village, "points_report_preview"))
    assert "预览件" in words(preview.content)
    assert preview["Content-Disposition"].startswith("inline; filename*=utf-8''%E9%A2%84")
    sheet = office.get(url(village, "points_report_xlsx"))
    assert sheet["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%9F%B3")
