"""Redemptions and stock: what the store gave for points, and what is left in it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from printing.tables import Sheets
from registry.places.models import Place

from ..choices import Account, LineKind
from ..models import LedgerLine, Redemption, Reward, StockMove
from ..models.ledger import evidence_number
from . import lines
from .base import Column, Figures, Report, Row, Table
from .registry import register
from .spans import Span

_STOCK, _POINTS = _("库存"), _("积分")
_LEAST_LINES = 8
"""As many lines of the list stand below the table of rewards, or the list begins a page of its own."""
_Reason = StockMove.Reason


class _Moved(NamedTuple):
    """What became of a reward's stock."""

    opening: int
    received: int
    redeemed: int
    returned: int
    adjusted: int

    @property
    def closing(self) -> int:
        """What is left."""
        return self.opening + self.received - self.redeemed + self.returned + self.adjusted


def _end_of_number(number: str) -> str:
    """000012号: what comes before is the same for all slips of a village and year."""
    return number.rpartition("-")[2]


class Redemptions(Report):
    """The rewards with their stock and the points that they took; then redemption by redemption."""

    name = "redemptions"
    label = _("积分兑换与库存")
    about = _("每样物品的期初、进货、兑换、退回、盘点和期末库存，兑换用了多少积分，附逐笔兑换明细。")
    icon = "tag"
    position = 5
    prefix = "积库"
    template = "points/reports/redemptions.html"
    per_page = 32
    first_page = 25
    ending = 15

    rewards = (
        Column("reward", _("物品"), 8),
        Column("opening", _("期初"), 4, "integer", group=_STOCK),
        Column("received", _("进货"), 4, "integer", group=_STOCK),
        Column("redeemed", _("兑换"), 4, "integer", group=_STOCK),
        Column("returned", _("退回"), 4, "integer", group=_STOCK),
        Column("adjusted", _("损耗盘点"), 4, "integer", group=_STOCK, show=lines.signed),
        Column("closing", _("期末"), 4, "integer", group=_STOCK),
        Column("slips", _("笔数"), 3, "integer", summed=True, group=_POINTS),
        Column("taken", _("兑换用分"), 3.8, "integer", summed=True, group=_POINTS),
        Column("given_back", _("取消退分"), 3.8, "integer", summed=True, group=_POINTS),
        Column("net", _("净用分"), 3.8, "integer", summed=True, group=_POINTS),
    )
    listed = (
        lines.EVIDENCE,
        lines.DAY,
        Column("code", _("户号"), 3.6),
        Column("head", _("户主"), 5.6),
        Column("reward", _("物品"), 7.1),
        Column("quantity", _("数量"), 3, "integer"),
        lines.POINTS,
        Column("state", _("状态"), 5.2, align="center"),
        Column("slip", _("兑换单"), 5.7, show=_end_of_number),
    )

    def figures(self, place: Place, span: Span) -> Figures:
        """Stock from its moves, points from the ledger's redemptions."""
        points, moves = _points(place, span), _moves(place, span)
        rows = [
            _reward(reward, moves[reward.pk], points.get(reward.pk, (0, 0, 0)))
            for reward in Reward.objects.filter(place=place).order_by("price", "name")
            if reward.pk in points or any(moves[reward.pk])
        ]
        by_reward = Table(self.rewards, rows, caption=_now("物品"))
        each = Table(self.listed, _list(place, span), caption=_now("兑换明细"))
        return Figures(
            report=self,
            place=place,
            span=span,
            tables=[by_reward, each],
            accounts={Account.REDEMPTION: -int(by_reward.totals["net"])},
            summary=[
                (_now("兑换笔数"), by_reward.totals["slips"]),
                (_now("兑换用分"), by_reward.totals["taken"]),
                (_now("取消退分"), by_reward.totals["given_back"]),
                (_now("净用分"), by_reward.totals["net"]),
            ],
            extra={"each": each, "apart": self._room_left(by_reward) < _LEAST_LINES},
        )

    def sheets(self, figures: Figures) -> Sheets:
        """The list of redemptions, cut into pages below the table of rewards."""
        _by_reward, each = figures.tables
        left = self._room_left(figures.table)
        first = self.per_page - 2 if left < _LEAST_LINES else left
        return each.sheets(per_page=self.per_page, first_page=first, ending=self.ending, em=self.em)

    def _room_left(self, rewards: Table) -> int:
        """How many lines the first page takes below the rewards, two lines of headings, a total and two captions."""
        lines_of = rewards.fields.line_counter(self.em)
        return self.first_page - 7 - sum(lines_of(row) for row in rewards.rows)


def _reward(reward: Reward, moved: _Moved, points: tuple[int, int, int]) -> dict[str, Any]:
    slips, taken, given_back = points
    return {
        "reward": f"{reward.name}（{reward.unit}）",
        **moved._asdict(),
        "closing": moved.closing,
        "slips": slips,
        "taken": taken,
        "given_back": given_back,
        "net": taken - given_back,
    }


def _points(place: Place, span: Span) -> dict[int, tuple[int, int, int]]:
    """By reward: how many redemptions, the points that they took, and those that cancelled ones gave back."""
    days = (span.first_day, span.last_day)
    within, undone = Q(line__dated_on__range=days), Q(line__reversed_by__dated_on__range=days)
    found = Redemption.objects.filter(within | undone, place=place).order_by().values_list("reward")
    sums = found.annotate(
        slips=Count("pk", filter=within),
        taken=Sum("line__points", filter=within, default=0),
        given_back=Sum("line__reversed_by__points", filter=undone, default=0),
    )
    return {reward: (slips, -taken, back) for reward, slips, taken, back in sums}


def _moves(place: Place, span: Span) -> Mapping[int, _Moved]:
    """By reward: what there was when the span began, and what came and went in it."""
    begin, end = _midnight(span.first_day), _midnight(span.last_day + timedelta(days=1))
    found = StockMove.objects.filter(reward__place=place, at__lt=end).order_by().values_list("reward", "reason")
    opening: defaultdict[int, int] = defaultdict(int)
    within: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    sums = found.annotate(before=Sum("change", filter=Q(at__lt=begin), default=0), whole=Sum("change", default=0))
    for reward, reason, before, whole in sums:
        opening[reward] += before
        within[reward][reason] += whole - before
    moved = {
        reward: _Moved(
            opening[reward],
            reasons[_Reason.RESTOCK],
            -reasons[_Reason.REDEMPTION],
            reasons[_Reason.RETURN],
            reasons[_Reason.LOSS] + reasons[_Reason.COUNT],
        )
        for reward, reasons in within.items()
    }
    return defaultdict(lambda: _Moved(0, 0, 0, 0, 0), moved)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _list(place: Place, span: Span) -> Sequence[Row]:
    """Redemptions and what was cancelled, in the order of the ledger."""
    found = LedgerLine.objects.filter(
        place=place, account=Account.REDEMPTION, dated_on__range=(span.first_day, span.last_day)
    ).select_related("household", "redemption", "reversal_of__redemption")
    return [_row(line) for line in found.order_by("period__first_day", "number")]


def _row(line: LedgerLine) -> dict[str, Any]:
    undoes = line.kind == LineKind.REVERSAL
    redemption = line.reversal_of.redemption if line.reversal_of else line.redemption
    return {
        "number": evidence_number(line.dated_on, line.number),
        "dated_on": line.dated_on,
        "code": line.household.code,
        "head": line.household.head,
        "reward": redemption.reward_name,
        "quantity": -redemption.quantity if undoes else redemption.quantity,
        "points": line.points,
        "state": _now("取消兑换") if undoes else str(redemption.get_state_display()),
        "slip": redemption.slip_number,
    }


register(Redemptions())
