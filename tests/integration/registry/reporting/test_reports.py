"""Reports: figures that add up, lead to their rows, and show each reader their own."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import User
from accounts.roles import Role
from registry.organizations.models import Organization
from registry.reporting import actions, datasets, query, standing
from registry.reporting.definition import COUNT, Definition, Filter, Group
from registry.reporting.models import Report
from tests.integration.registry.funds.makers import make_organization

pytestmark = pytest.mark.django_db

BY_PLACE_AND_MONTH = Definition(
    "organizations", groups=(Group("place", "village"), Group("registered_on", "month")), totals=(COUNT,)
)


@pytest.fixture
def organizations(village, sibling, grid, township):
    """Two in 柳河村 (one in its grid), one beside it, one of the township itself."""
    found = [make_organization(place) for place in (village, grid, sibling, township)]
    for number, organization in enumerate(found, 1):
        Organization.objects.filter(pk=organization.pk).update(
            registered_on=date(2026, number % 2 + 1, number), name=f"{'𠅤山' if number == 3 else '柳河'}互助会{number}"
        )
    return found


def run(stated, user, behind=()):
    source = datasets.dataset(stated.dataset)
    rows = query.rows_of(source, stated, user, behind=behind)
    if stated.groups and not behind:
        return query.totals_by_group(source, stated, rows)
    rows = query.ordered(source, stated, rows)
    result = query.list_rows(source, stated, rows)
    result.lines = query.lines_of(source, stated, rows)
    return result


def test_places_are_put_together_by_level_and_times_by_step(organizations, township, appoint):
    user = appoint(township, Role.TOWNSHIP_OFFICIAL)
    result = run(BY_PLACE_AND_MONTH, user)
    assert [line.cells for line in result.lines] == [
        ["清溪镇", "2026-01", 1],
        ["柳河村", "2026-01", 1],
        ["柳河村", "2026-02", 1],
        ["𠅤山村", "2026-02", 1],
    ]
    assert result.totals == [None, None, 4]


def test_each_figure_leads_to_as_many_rows(organizations, township, appoint):
    user = appoint(township, Role.TOWNSHIP_OFFICIAL)
    for stated in (
        BY_PLACE_AND_MONTH,
        Definition("organizations", groups=(Group("place", "township"),)),
        Definition("organizations", groups=(Group("status"), Group("registered_on", "quarter"))),
        Definition("organizations", groups=(Group("kind"), Group("registered_on", "year"))),
    ):
        result = run(stated, user)
        for line in result.lines:
            assert len(run(stated, user, line.behind).lines) == line.cells[-1]
        assert sum(line.cells[-1] for line in result.lines) == result.totals[-1] == 4


def test_each_reader_sees_their_own_figures(organizations, village, sibling, appoint):
    assert run(BY_PLACE_AND_MONTH, appoint(village)).totals[-1] == 2
    assert run(BY_PLACE_AND_MONTH, appoint(sibling)).totals[-1] == 1
    assert run(BY_PLACE_AND_MONTH, appoint(sibling, Role.EDITOR)).totals[-1] == 0


def test_a_group_of_another_place_shows_no_rows(organizations, village, sibling, appoint):
    stated = Definition("organizations", groups=(Group("place", "village"),))
    assert run(stated, appoint(sibling), (str(village.pk),)).lines == []


def test_filters(organizations, township, village, appoint):
    user = appoint(township, Role.TOWNSHIP_OFFICIAL)

    def count(*filters):
        return len(run(Definition("organizations", columns=("name",), filters=filters), user).lines)

    assert count(Filter("place", "within", "柳河村")) == 2
    assert count(Filter("place", "within", village.code)) == 2
    assert count(Filter("place", "within", "不存在村")) == 0
    assert count(Filter("name", "contains", "𠅤")) == 1
    assert count(Filter("status", "is", "有效")) == 4
    assert count(Filter("status", "not", "registered")) == 0
    assert count(Filter("registered_on", "from", "2026-02-01")) == 2
    assert count(Filter("registered_on", "to", "2026-01-31"), Filter("name", "contains", "互助")) == 2


def test_an_order_that_is_asked_for(organizations, township, appoint):
    user = appoint(township, Role.TOWNSHIP_OFFICIAL)
    stated = Definition("organizations", columns=("registered_on", "name"), order="-registered_on")
    days = [line.cells[0] for line in run(stated, user).lines]
    assert days == sorted(days, reverse=True)
    by_count = Definition("organizations", groups=(Group("place", "village"),), order="-count")
    assert [line.cells[1] for line in run(by_count, user).lines] == [2, 1, 1]


def test_queries_do_not_grow_with_the_groups(organizations, township, appoint, django_assert_num_queries):
    user = appoint(township, Role.TOWNSHIP_OFFICIAL)
    user.has_perm("x")
    with django_assert_num_queries(3):
        run(BY_PLACE_AND_MONTH, user)


def save(user, stated=BY_PLACE_AND_MONTH, **fields):
    return actions.save_report(**({"report": None, "title": "各村组织", "stated": stated, "by": user} | fields))


def test_sharing_reaches_down_and_not_sideways(village, sibling, township, other_township, appoint):
    owner = appoint(township, Role.TOWNSHIP_OFFICIAL)
    report = save(owner, shared_at=township)
    below, beside = appoint(village), appoint(other_township, Role.TOWNSHIP_OFFICIAL)
    assert report in Report.objects.visible_to(below)
    assert report not in Report.objects.visible_to(beside)
    private = save(owner)
    assert private not in Report.objects.visible_to(below)
    with pytest.raises(ValidationError, match="共享"):
        save(owner, shared_at=other_township)


def test_somebody_elses_report_is_copied_not_changed(village, township, appoint):
    owner, reader = appoint(township, Role.TOWNSHIP_OFFICIAL), appoint(village)
    report = save(owner, shared_at=township)
    copy = save(reader, report=report, title="我的")
    assert copy.pk != report.pk
    assert Report.objects.get(pk=report.pk).title == "各村组织"
    with pytest.raises(PermissionDenied):
        actions.delete_report(report=report, by=reader)


def test_a_report_on_rows_that_one_may_not_see_is_refused(village, appoint):
    with pytest.raises(PermissionDenied):
        save(appoint(village, Role.EDITOR))


def test_the_standing_reports_run_for_everybody_who_may(organizations, township, appoint, client):
    assert standing.install() == standing.install() == len(standing.STANDING) == Report.objects.count()
    user = appoint(township, Role.TOWNSHIP_OFFICIAL)
    client.force_login(user)
    for report in Report.objects.all():
        page = client.get(reverse("reporting_report", args=[report.pk]))
        assert page.status_code == 200, report.standing
    assert client.get(reverse("reporting_index")).status_code == 200


def test_on_screen_with_a_way_to_the_rows_and_as_files(organizations, township, appoint, client):
    user = appoint(township, Role.TOWNSHIP_OFFICIAL)
    report = save(user)
    client.force_login(user)
    url = reverse("reporting_report", args=[report.pk])
    page = client.get(url)
    behind = page.context["result"].lines[1].url
    assert "柳河村" in page.content.decode()
    assert "柳河互助会" in client.get(url + behind).content.decode()
    assert client.get(url + "?g=abc").status_code == 404
    book = load_workbook(io.BytesIO(client.get(url + "?format=xlsx").content))
    values = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert ["柳河村", "2026-02", 1] in values
    assert values[-1][-1] == 4
    answer = client.get(url + "?format=pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "𠅤山村" in text
    assert "合计" in text


def test_the_builder_saves_and_refuses_beside_the_field(organizations, township, appoint, client):
    user = appoint(township, Role.TOWNSHIP_OFFICIAL)
    client.force_login(user)
    url = reverse("reporting_new", args=["organizations"])
    assert client.get(url).status_code == 200
    good = {"title": "𠅤", "group_0": "place:village", "totals": ["count"], "filter_0": "status:is", "value_0": "有效"}
    answer = client.post(url, good)
    report = Report.objects.get()
    assert answer.url == reverse("reporting_report", args=[report.pk])
    assert report.stated.filters == (Filter("status", "is", "有效"),)
    assert (
        client.get(reverse("reporting_change", args=[report.pk])).context["form"].initial["group_0"] == "place:village"
    )
    for change, field in (
        ({"title": ""}, "title"),
        ({"title": "长" * 61}, "title"),
        ({"group_0": "place:'; DROP TABLE"}, "group_0"),
        ({"group_0": ""}, "columns"),
        ({"filter_0": "registered_on:from", "value_0": "<script>"}, "__all__"),
        ({"filter_0": "", "value_0": "x"}, "filter_0"),
        ({"order": "password"}, "order"),
        ({"shared_at": "999999"}, "shared_at"),
    ):
        refused = client.post(url, good | change)
        assert refused.status_code == 422
        assert field in refused.context["form"].errors, change
    assert Report.objects.count() == 1


def test_nobody_opens_what_is_not_for_them(village, township, appoint, client):
    report = save(appoint(township, Role.TOWNSHIP_OFFICIAL))
    client.force_login(appoint(village))
    for name in ("reporting_report", "reporting_change"):
        assert client.get(reverse(name, args=[report.pk])).status_code == 404
    client.force_login(appoint(village, Role.EDITOR))
    assert client.get(reverse("reporting_index")).status_code == 302
    client.force_login(User.objects.create_user("nobody"))
    assert client.get(reverse("reporting_index")).status_code == 302


def test_sums_of_money_are_exact(village, appoint, township):
    fact = datasets.dataset("entries").fact("income")
    assert fact.shown(0.1 + 0.2) == Decimal("0.30")
