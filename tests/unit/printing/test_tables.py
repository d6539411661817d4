"""Long tables dealt out to pages, with their sums."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing.fields import Field, Fields, shown
from printing.tables import Sheets, SheetTooTall, lines_of, width_of

rows_of_points = st.lists(st.fixed_dictionaries({"points": st.integers(-500, 500), "lines": st.integers(1, 4)}))


@given(rows_of_points, st.integers(1, 40), st.integers(0, 40), st.integers(0, 30))
def test_every_row_stands_on_one_page_and_the_subtotals_make_the_total(rows, per_page, first_page, ending):
    sheets = Sheets(
        rows, per_page, first_page=first_page, ending=ending, totals=["points"], lines=lambda row: row["lines"]
    )
    pages = list(sheets)
    assert [row for page in pages for row in page.rows] == rows
    assert sum(page.subtotals["points"] for page in pages) == sheets.grand_totals["points"]
    assert [number for page in pages for number, _row in page.numbered] == list(range(1, len(rows) + 1))
    assert [page.is_last for page in pages] == [False] * (len(pages) - 1) + [True]
    carried = 0
    for page in pages:
        assert page.carried["points"] == carried
        carried += page.subtotals["points"]


@given(rows_of_points, st.integers(4, 40))
def test_no_page_is_fuller_than_it_may(rows, per_page):
    for page in Sheets(rows, per_page, lines=lambda row: row["lines"]):
        assert sum(row["lines"] for row in page.rows) <= per_page


def test_the_first_page_leaves_room_for_the_title():
    pages = list(Sheets([{}] * 70, 30, first_page=20))
    assert [len(page.rows) for page in pages] == [20, 30, 20]


def test_signatures_do_not_stand_alone():
    pages = list(Sheets([{}] * 50, 30, first_page=20, ending=10))
    assert [len(page.rows) for page in pages] == [20, 23, 7]


def test_no_rows_are_one_empty_page():
    [page] = Sheets([], 30, totals=["points"])
    assert page.rows == []
    assert page.subtotals == {"points": 0}


def test_floats_are_not_added():
    with pytest.raises(TypeError):
        list(Sheets([{"amount": 0.1}], 30, totals=["amount"]))


def test_amounts_are_added_exactly():
    sheets = Sheets([{"amount": Decimal("0.10")}] * 3 + [{"amount": None}], 30, totals=["amount"])
    assert sheets.grand_totals == {"amount": Decimal("0.30")}


def test_a_sheet_that_runs_over_is_told():
    sheets = Sheets([{}] * 3, 2)
    sheets.check([{"sheet-1": 0, "sheet-1-end": 0}, {"sheet-2": 0}])
    with pytest.raises(SheetTooTall):
        sheets.check([{"sheet-1": 0}, {"sheet-1-end": 0}, {"sheet-2": 0}])
    with pytest.raises(SheetTooTall):
        sheets.check([{"sheet-1": 0, "sheet-1-end": 0}, {"sheet-2": 0}, {"sheet-2": 0}])


def test_a_page_never_holds_less_than_a_row():
    sheets = Sheets([{}], 12, first_page=8)
    for _ in range(40):
        sheets = sheets.with_fewer_rows()
    assert (sheets.per_page, sheets.first_page) == (1, 1)


def test_widths_count_wide_characters_whole():
    assert width_of("石桥村") == 3
    assert width_of("ab") < 1.2
    assert lines_of(("石桥村" * 4, 6.0), ("x", 1.0)) == 2


@pytest.fixture
def fields() -> Fields:
    return Fields(
        Field("#", "序号", 1, "center"),
        Field("name", "户主", 3),
        Field("family", "家庭", 1, "right", group="积分"),
        Field("public", "公共", 1, "right", group="积分"),
        Field("rank", "名次", 2),
    )


def test_neighbours_of_a_group_share_a_heading(fields):
    top, below = fields.heading_rows
    assert [(cell.heading, cell.columns, cell.rows) for cell in top] == [
        ("序号", 1, 2),
        ("户主", 1, 2),
        ("积分", 2, 1),
        ("名次", 1, 2),
    ]
    assert [cell.heading for cell in below] == ["家庭", "公共"]
    assert sum(field.share for field in fields) == pytest.approx(100)


def test_a_line_of_sums_spans_to_the_first_sum(fields):
    cells = fields.summed({"family": 1200, "public": -5})
    assert [(cell.text, cell.columns) for cell in cells] == [("", 2), ("1,200", 1), ("-5", 1), ("", 1)]


def test_long_names_take_more_lines(fields):
    lines = fields.line_counter(40)
    row = {"name": "张三", "family": 1, "public": 2, "rank": 3}
    assert lines(row) == 1
    assert lines(row | {"name": "阿依古丽·阿不都热依木江·买买提·吐尔逊"}) == 2


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "—"), ("", "—"), (0, "0"), (-1234, "-1,234"), (Decimal("1234.5"), "1,234.50"), (True, "是"), ("𠅤", "𠅤")],
)
def test_values_as_they_read(value, text):
    assert shown(value) == text


def test_what_is_no_sum_stands_in_the_last_line_alone():
    sheets = Sheets([{"points": 3}, {"points": 4}], 1, totals=["points"], overall={"average": Decimal("3.50")})
    assert sheets.grand_totals == {"points": 7, "average": Decimal("3.50")}
    assert [sheet.subtotals for sheet in sheets] == [{"points": 3}, {"points": 4}]
