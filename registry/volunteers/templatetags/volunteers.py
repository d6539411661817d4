"""How hours, stars and lines read on a page."""

from decimal import Decimal
from typing import NamedTuple

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from registry.volunteers.choices import RULINGS, Verdict
from registry.volunteers.halves import hours as hours_of
from registry.volunteers.models import HourLine

register = template.Library()


class LineState(NamedTuple):
    """How a line stands, to who served."""

    label: str
    is_open: bool = False
    is_disputed: bool = False
    is_reversed: bool = False


@register.filter
def hours(halves: int) -> Decimal:
    """Half hours as hours: 3 as 1.5."""
    return hours_of(halves)


@register.filter
def star_row(stars: int) -> str:
    """★★☆☆☆."""
    return "★" * stars + "☆" * (5 - stars)


_ACTIONS = {
    "register_volunteer": _lazy("登记"),
    "claim_volunteer": _lazy("关联账号"),
    "change_volunteer": _lazy("修改"),
    "reveal": _lazy("查看完整号码"),
}


@register.filter
def action_label(action: str) -> str:
    """What was done to a volunteer, in words; the action's own name where it has none here."""
    name = action.rpartition(".")[2]
    return str(_ACTIONS.get(name, name))


@register.simple_tag
def line_state(line: HourLine) -> LineState:
    """What was said to a line. The decisions and what reversed it are fetched along with the line."""
    if line.reverses_id is not None:
        return LineState(_("冲销"))
    if getattr(line, "reversed_by", None) is not None:
        return LineState(_("已冲销"), is_reversed=True)
    said = [decision.verdict for decision in line.decisions.all()]
    if not said:
        return LineState("", is_open=True)
    if said[-1] == Verdict.OBJECTED:
        return LineState(_("异议核实中"), is_disputed=True)
    return LineState(_("核实后维持") if said[-1] in RULINGS else _("已确认"))
