"""How the lines of a statement are dealt to its pages."""

from datetime import date
from decimal import Decimal

import pytest

from registry.funds.reports import LINE_FIELDS, TABLE_EM

USUAL = {
    "number": 120,
    "on": date(2026, 9, 1),
    "kind": "捐款收入",
    "purpose": "给孩子们添点书本",
    "party": "单位",
    "income": Decimal("5000.00"),
    "expense": None,
    "balance": Decimal("30718.90"),
}


@pytest.mark.parametrize(
    ("said", "lines"),
    [({}, 1), ({"purpose": "火灾受损家庭应急救助两户"}, 2), ({"party": "石桥乡困难学生帮扶协会"}, 2)],
)
def test_a_usual_line_is_reckoned_as_one_and_a_long_text_as_more(said: dict[str, str], lines: int):
    assert LINE_FIELDS.line_counter(TABLE_EM)(USUAL | said) == lines


def test_the_sum_of_no_amounts_has_its_fen():
    cells = LINE_FIELDS.summed({"income": 0, "expense": Decimal("1200.5")})
    assert [cell.text for cell in cells if cell.text] == ["0.00", "1,200.50"]
