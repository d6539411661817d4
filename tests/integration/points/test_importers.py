"""The villages' own spreadsheets: households, and what they did."""

from typing import Any

import pytest

from accounts.models import User
from knowledge.points.models import Balance, Claim, Household, Item
from registry.importing.models import ImportRun
from registry.places.models import Place
from tests.integration.points.conftest import TODAY
from tests.integration.registry.test_importers import kinds, reasons, take, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def test_households_come_and_change(village: Place, grid: Place, sibling: Place, official: User) -> None:
    rows = [["柳河村", "0001", "𠅤大山", "139 0000 1234", None], ["柳河东网格", "0002", "王二", None, "2026年1月1日"]]
    take(upload("points.household", official, *rows), official)
    assert list(Household.objects.values_list("code", "head")) == [("0001", "𠅤大山"), ("0002", "王二")]
    assert Balance.objects.count() == 2
    assert Household.objects.get(code="0002").place == grid
    again = upload("points.household", official, *rows)
    assert kinds(again) == ["skip", "skip"]
    rows[1][2] = "王三"
    take(upload("points.household", official, *rows), official)
    assert Household.objects.get(code="0002").head == "王三"
    refused = upload("points.household", official, ["𠅤山村", "0001", "外村人", None, None])
    assert refused.state == ImportRun.State.REFUSED
    assert "没有“𠅤山村”" in reasons(refused)["村或网格"]


def row(household: Household, item: Item, **changed: Any) -> list[Any]:
    values = {
        "place": "柳河村", "code": household.code, "head": household.head, "named": item.name, "day": TODAY,
        "quantity": 2, "note": None,
    }  # fmt: skip
    return list((values | changed).values())


def test_claims_are_entered_once(household: Household, cleaning: Item, official: User) -> None:
    take(upload("points.claim", official, row(household, cleaning)), official)
    claim = Claim.objects.get()
    assert (claim.points, claim.source, claim.state) == (4, "sheet", "entered")
    again = upload("points.claim", official, row(household, cleaning))
    assert kinds(again) == ["skip"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"code": "9999"}, "没有户号 9999"),
        ({"head": "别人"}, "户主不是“别人”"),
        ({"named": "没有的"}, "没有叫“没有的”"),
        ({"quantity": 6}, "只剩 10 分"),
        ({"quantity": 0}, "数量至少是 1"),
        ({"day": "2027-01-01"}, "不能晚于今天"),
    ],
)
def test_a_refused_row_enters_none(
    household: Household, cleaning: Item, littering: Item, official: User, changed: dict[str, Any], message: str
) -> None:
    run = upload("points.claim", official, row(household, littering), row(household, cleaning, **changed))
    assert run.state == ImportRun.State.REFUSED
    assert message in " ".join(reasons(run, 1).values())
    assert not Claim.objects.exists()


def test_rows_of_one_file_share_a_cap(household: Household, cleaning: Item, official: User) -> None:
    rows = [row(household, cleaning, quantity=3, day=day) for day in ("2026-10-05", "2026-10-06")]
    run = upload("points.claim", official, *rows)
    assert "只剩 4 分" in " ".join(reasons(run, 1).values())
