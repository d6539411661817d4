"""Every report of a village that is hard to print, page by page: what is on the paper is whole, and adds up."""

import io
import re
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from accounts.models import User
from knowledge.points.actions import ledger
from knowledge.points.models import Balance, Household, Item, LedgerLine, Period, Rules
from knowledge.points.reports import paper, registry
from knowledge.points.reports.base import Figures
from knowledge.points.reports.spans import Span
from registry.places.models import Kind, Place
from tests.integration.points.makers import make_item, make_line, make_redemption, make_reward

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
SEPTEMBER, AUGUST, YEAR = Span.parse("2026-09"), Span.parse("2026-08"), Span.parse("2026")
LONG_NAME = "阿依古丽·买买提江·吐尔逊尼亚孜汗阿吉某"
NAMES = ("𠅤大山", LONG_NAME, "䶮小龙", "欧阳修竹")
LONG_TITLE = (
    "参加村里组织的河道清理、公路沿线捡拾垃圾、房前屋后杂物整治和公共厕所轮流值日等人居环境整治志愿服务活动"
    "并且坚持到底的每满半天计一次"
)
PAPERS = [
    ("publicity", SEPTEMBER), ("publicity", AUGUST), ("honour-list", SEPTEMBER), ("honour-list", AUGUST),
    ("ledger", SEPTEMBER), ("ledger", AUGUST), ("redemptions", Span.parse("2026-10")), ("redemptions", AUGUST),
    ("summary", SEPTEMBER), ("annual", YEAR),
]  # fmt: skip
SUMMED = {"publicity": 6, "annual": 12, "ledger": 1}
"""How many sums stand at least in the lines of subtotals."""


@pytest.fixture
def hard(village: Place, official: User) -> Place:
    """Four hundred households and as many lines in September; nothing in August; a few things redeemed today."""
    there = Household.objects.bulk_create(
        Household(
            village=village,
            place=village,
            code=f"{number:04}",
            head=NAMES[number - 1] if number <= len(NAMES) else f"王{number}",
            consent_on=date(2026, 1, 1) if number % 3 else None,
        )
        for number in range(1, 401)
    )
    Balance.objects.bulk_create(Balance(household=one) for one in there)
    long = make_item(village, LONG_TITLE[:60], 3)
    other = make_item(village, "邻里互助", 2, category="neighbours")
    period = Period.of(village, date(2026, 9, 1))
    LedgerLine.objects.bulk_create(
        _line(one, period, long if number % 9 == 0 else other, number) for number, one in enumerate(there, start=1)
    )
    Period.objects.filter(pk=period.pk).update(lines=len(there))
    make_line(there[1], make_item(village, "垃圾乱倒", -50), official, day=date(2026, 9, 30))
    ledger.reverse(line=LedgerLine.objects.order_by("pk")[5], reason="登记错了户，签到表上没有这一家", by=official)
    make_line(there[0], make_item(village, "见义勇为", 200, category="own"), official, day=date(2026, 10, 1))
    reward = make_reward(village, official, price=10, stock=9, name="东北大米五斤装（真空包装、当年新米）")
    for _time in range(3):
        make_redemption(there[0], reward, official)
    return village


def _line(household: Household, period: Period, item: Item, number: int) -> LedgerLine:
    day = date(2026, 9, 3)
    return LedgerLine(
        place=household.village,
        household=household,
        period=period,
        number=number,
        kind="award",
        account=item.category,
        points=item.points,
        title=item.name + LONG_TITLE[60:] if item.name[:4] == LONG_TITLE[:4] else item.name,
        happened_on=day,
        dated_on=day,
        item=item,
    )


def render(name: str, village: Place, span: Span, household: Household | None = None) -> PdfReader:
    report = registry.get(name)
    place = village.get_parent() if report.level == "above" else village
    if household is not None:
        report = report.of_household(place, household.pk)
    return PdfReader(io.BytesIO(paper.preview(report, place, span)))


def words(page: Any) -> str:
    """The text of a page without what only sets it apart: cells are broken over lines."""
    return re.sub(r"\s", "", page.extract_text())


def sums(page: Any, label: str) -> list[int]:
    """The figures of a line of sums."""
    found = re.search(rf"{label}((?:\s*[+-]?[\d,]+)+)", page.extract_text())
    return [int(figure.replace(",", "")) for figure in found[1].split()] if found else []


def require_sound(reader: PdfReader) -> None:
    """Fonts embedded, nothing missing, title, language, tags, bookmarks, page x of y."""
    root = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.outline[0].title == reader.metadata.title
    for number, page in enumerate(reader.pages, start=1):
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert "/FontFile3" in descriptor, descriptor["/FontName"]
        text = page.extract_text()
        assert "\ufffd" not in text
        assert "\x00" not in text
        assert f"第 {number} 页，共 {len(reader.pages)} 页" in text


def require_every_row(reader: PdfReader, figures: Figures) -> None:
    """Every cell of every row is on the paper whole, names of twenty characters and titles of a hundred among them."""
    whole = "".join(words(page) for page in reader.pages)
    for row in figures.table.rows:
        for column in figures.table.columns:
            shown = re.sub(r"\s", "", column.text(row[column.name]))
            assert shown in whole, (column.name, shown)
    if not figures.table.rows:
        assert "本期没有记录" in whole or "本期还没有" in whole


def require_sums(reader: PdfReader, columns: int) -> None:
    """Subtotals add up to the total, below a heading on each page."""
    assert len(reader.pages) >= 10
    pages = [(words(page), sums(page, "本页小计")) for page in reader.pages]
    total = sums(reader.pages[-1], "合计") or sums(reader.pages[-2], "合计")
    assert len(total) >= columns
    added = [sum(figures) for figures in zip(*(figures for _text, figures in pages if figures), strict=True)]
    assert added == total[: len(added)]
    assert all("户号" in text for text, figures in pages if figures)


def require_running(reader: PdfReader, figures: Figures) -> None:
    """The ledger says on each page what has added up so far, and no row of it stands on two pages."""
    running, pages = 0, [words(page) for page in reader.pages]
    for page in reader.pages:
        if sums(page, "本页小计"):
            running += sums(page, "本页小计")[0]
            assert (sums(page, "累计") or sums(page, "合计"))[0] == running
    for row in figures.table.rows:
        # The number alone may stand elsewhere: a reversal names the line that it undoes, which names the reversal.
        begins = f"{row['number']}{row['dated_on']:%m-%d}{row['code']}"
        assert [text.count(begins) for text in pages if begins in text] == [1]


@pytest.mark.parametrize(("name", "span"), PAPERS, ids=lambda value: getattr(value, "slug", value))
def test_every_paper_is_sound_and_loses_no_row(hard: Place, name: str, span: Span) -> None:
    report = registry.get(name)
    place = hard.get_parent() if report.level == "above" else hard
    reader, figures = render(name, hard, span), report.figures(place, span)
    require_sound(reader)
    require_every_row(reader, figures)
    text = "".join(words(page) for page in reader.pages)
    if (span == SEPTEMBER and name in SUMMED) or name == "annual":
        require_sums(reader, SUMMED[name])
    if name == "ledger" and figures.table.rows:
        require_running(reader, figures)
    if name in ("annual", "ledger") and figures.table.rows:
        assert all(head in text for head in NAMES)
    if name == "publicity" and span == SEPTEMBER:
        assert "𠅤大山" in text
        # One has a negative figure, the other did not agree: neither is named.
        assert LONG_NAME not in text
        assert "䶮小龙" not in text
        assert "-48" in text


def test_a_household_with_less_than_nothing_has_its_passbook(hard: Place) -> None:
    household = Household.objects.get(village=hard, head=LONG_NAME)
    reader = render("passbook", hard, SEPTEMBER, household)
    require_sound(reader)
    text = "".join(words(page) for page in reader.pages)
    assert LONG_NAME in text
    assert "期末余额-48" in text
    assert "垃圾乱倒" in text


def test_a_leaf_for_each_household_of_a_village(sibling: Place, official: User) -> None:
    item = make_item(sibling, LONG_TITLE[:60], 3)
    there = Household.objects.bulk_create(
        Household(village=sibling, place=sibling, code=f"{number:04}", head=head)
        for number, head in enumerate(NAMES, start=1)
    )
    Balance.objects.bulk_create(Balance(household=one) for one in there)
    for _time in range(40):
        make_line(there[1], item, official, day=date(2026, 9, 5))
    reader = render("passbook", sibling, SEPTEMBER)
    require_sound(reader)
    pages = [words(page) for page in reader.pages]
    assert [entry.title for entry in reader.outline[1]] == [f"户号 {one.code}　{one.head}" for one in there]
    for one in there:
        assert sum(f"户号{one.code}{one.head}" in text for text in pages) == 1
    # Forty lines are more than a page: the heading stands on the second as well.
    long = [text for text in pages if "202609-" in text]
    assert len(long) >= 2
    assert all("凭证号" in text for text in long)
    assert sum("本期没有记录" in text for text in pages) == 3


@pytest.mark.parametrize(("villages", "pages"), [(3, 1), (9, 2), (20, 3)])
def test_signatures_of_a_summary_stand_with_its_charts(
    township: Place, official: User, settings: Any, tmp_path: Any, villages: int, pages: int
) -> None:
    settings.DATA_DIR = tmp_path
    for number in range(villages):
        village = township.add_child(code=f"9901000013{number:02}", name=f"{number}号村", kind=Kind.VILLAGE)
        Rules.objects.create(place=village)
        household = Household.objects.create(village=village, place=village, code="1", head="王大山")
        Balance.objects.create(household=household)
        make_line(household, make_item(village, "清洁", number + 1), official, day=date(2026, 9, 3))
    document = paper.issue(report=registry.get("summary"), place=township, span=SEPTEMBER, by=official)
    reader = PdfReader(io.BytesIO(document.content()))
    require_sound(reader)
    texts = [words(page) for page in reader.pages]
    assert len(texts) == pages
    assert all(said in texts[-1] for said in ("积分趋势", "制表人", "盖章处", "扫码核验真伪"))
