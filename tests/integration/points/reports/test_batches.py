"""Reports of all villages at once."""

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.audit import lines_about
from accounts.models import User
from accounts.roles import Role
from knowledge.points.models import Household, Total
from knowledge.points.reports import batches, paper, registry
from printing.errors import PrintingError
from printing.models import Batch, IssuedDocument
from registry.places.models import Place
from tests.integration.points.reports.addresses import SEPTEMBER
from tests.integration.points.screens import as_, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


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
