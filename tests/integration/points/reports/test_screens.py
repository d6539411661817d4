"""The screens of reports: what they show to whom, and what can be done there."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from knowledge.points.actions import periods
from knowledge.points.models import Household, Item, Period, Rules
from knowledge.points.reports import paper, registry
from knowledge.points.reports.spans import Span
from printing.models import Batch, IssuedDocument
from registry.places.models import Place
from tests.integration.points.makers import make_claim, make_household, make_line
from tests.integration.points.reports.addresses import OCTOBER, SEPTEMBER, url
from tests.integration.points.screens import as_, soup, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
PAGES = ("points_report", "points_report_preview", "points_report_xlsx", "points_report_issue")


def test_the_index_leads_to_the_reports_that_there_are_of_a_place_in_reach(
    official: User, township: Place, appoint: Callable[..., User]
) -> None:
    def listed(user: User) -> set[str]:
        return {link["href"] for link in soup(as_(user).get(reverse("points_reports"))).select(".xy-card a")}

    everything = {reverse("points_report", args=[report.name]) for report in registry.all_reports()}
    assert listed(appoint(township, Role.TOWNSHIP_OFFICIAL)) == everything
    assert listed(official) == everything - {reverse("points_report", args=["summary"])}
    assert not soup(as_(official).get(reverse("points_report", args=["summary"]))).select("select[name=place]")


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


def test_a_closed_month_raises_no_doubt(points: None, village: Place, official: User) -> None:
    assert paper.doubts(village, SEPTEMBER) == ["还没有结账，以后记在这一期的账会改变这张表。"]
    periods.close(place=village, day=SEPTEMBER.first_day, kind="month", by=official)
    assert Period.objects.get(first_day=SEPTEMBER.first_day).closed_at
    assert paper.doubts(village, SEPTEMBER) == []


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
