"""Lines of the ledger: how they are numbered, dated and written, and how a mistake is undone.

Everybody who writes lines of a village takes the same locks in the same order: the months, then the balances. So two
who write at once wait for each other, and neither for the other's wait.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from registry.places.models import Place

from ..calendar import first_day, last_day
from ..choices import Account, LineKind
from ..models import Balance, Claim, Household, Item, LedgerLine, Period, Succession
from ..refusals import is_closed, require_reason


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line before it has a number."""

    household: Household
    kind: LineKind
    account: str
    points: int
    title: str
    happened_on: date
    dated_on: date
    item: Item | None = None
    capped: bool = False
    claim: Claim | None = None
    undoes: LedgerLine | None = None
    reason: str = ""

    def line(self, period: Period, number: int, by: Any) -> LedgerLine:
        """The line as it is written."""
        return LedgerLine(
            place_id=period.place_id,
            household=self.household,
            period=period,
            number=number,
            kind=self.kind,
            account=self.account,
            points=self.points,
            title=self.title,
            happened_on=self.happened_on,
            dated_on=self.dated_on,
            item=self.item,
            claim=self.claim,
            reversal_of=self.undoes,
            reason=self.reason,
            posted_by=by,
            **self._cap(),
        )

    def _cap(self) -> dict[str, Any]:
        if self.undoes is not None:
            return {name: getattr(self.undoes, name) for name in ("cap", "cap_from", "cap_until")}
        if self.item is None or self.item.cap is None or not self.capped:
            return {}
        kind = self.item.cap_period
        return {
            "cap": self.item.cap,
            "cap_from": first_day(self.happened_on, kind),
            "cap_until": last_day(self.happened_on, kind),
        }


def dated(place: Place, day: date) -> date:
    """The day under which something of that day is entered: the day itself, or today where its month is closed."""
    return timezone.localdate() if is_closed(place, day) else day


def lock(*, place: Place, days: Iterable[date], households: Iterable[int]) -> dict[date, Period]:
    """Hold the months of these days and the balances of these households until the transaction ends.

    Returns the months by their first days. Raises ValidationError where one is closed.
    """
    firsts = sorted({day.replace(day=1) for day in days})
    made = [Period.of(place, first).pk for first in firsts]
    periods = {
        period.first_day: period for period in Period.objects.select_for_update().filter(pk__in=made).order_by("pk")
    }
    for period in periods.values():
        if period.closed_at is not None:
            raise ValidationError(_("%(period)s 已经结账，不能再记账。") % {"period": period})
    list(Balance.objects.select_for_update().filter(household__in=set(households)).order_by("pk"))
    return periods


def append(*, place: Place, entries: Sequence[Entry], by: Any) -> list[LedgerLine]:
    """Write lines in their order, numbered within their months. The locks are taken if they are not held yet."""
    periods = lock(
        place=place,
        days=[entry.dated_on for entry in entries],
        households=[entry.household.pk for entry in entries],
    )
    lines = []
    for entry in entries:
        period = periods[entry.dated_on.replace(day=1)]
        period.lines += 1
        lines.append(entry.line(period, period.lines, by))
    for period in periods.values():
        period.save(update_fields=["lines"])
    return LedgerLine.objects.bulk_create(lines, batch_size=500)


@transaction.atomic
def reverse(*, line: LedgerLine, reason: str, by: Any) -> LedgerLine:
    """Undo a line by one that names it, in its own month while that is open, else today.

    Raises ValidationError for a line that is no award, that was undone already, or whose points are spent where the
    village's balances may not be negative.
    """
    reason = require_reason(reason)
    if line.kind != LineKind.AWARD:
        raise ValidationError(_("只有积分可以冲正；兑换请取消兑换单，结转和分户并户由系统生成。"))
    today = timezone.localdate()
    day = today if is_closed(line.place, line.dated_on) else min(today, last_day(line.dated_on, "month"))
    household = line.household
    heir = _heir(household)
    lock(place=line.place, days=[day], households=[one.pk for one in (household, heir) if one is not None])
    if LedgerLine.objects.filter(reversal_of=line).exists():
        raise ValidationError(_("%(line)s 已经冲正过，不能再冲正。") % {"line": line.evidence_number})
    _require_room(heir or household, -line.points)
    entries = [*_brought_back(line, heir, day), _undoing(line, day, reason)]
    made = append(place=line.place, entries=entries, by=by)[-1]
    audit.record(
        by=by, action="points.reverse", subject=made, place=line.place, line=line.evidence_number, reason=reason
    )
    return made


def _undoing(line: LedgerLine, day: date, reason: str) -> Entry:
    return Entry(
        household=line.household,
        kind=LineKind.REVERSAL,
        account=line.account,
        points=-line.points,
        title=line.title,
        happened_on=line.happened_on,
        dated_on=day,
        item=line.item,
        undoes=line,
        reason=reason,
    )


def _heir(household: Household) -> Household | None:
    """The household into which a dissolved one was merged, however often."""
    heir = None
    while household.closed_on is not None:
        merger = household.successions.filter(kind=Succession.Kind.MERGER).select_related("later").first()
        if merger is None:
            break
        heir = household = merger.later
    return heir


def _brought_back(line: LedgerLine, heir: Household | None, day: date) -> list[Entry]:
    """What a merged household hands back to the one that no longer is, so that its balance stays at nothing."""
    if heir is None:
        return []
    return transfer(giver=heir, taker=line.household, points=line.points, on=day, reason=_("冲正并户前的积分"))


def transfer(*, giver: Household, taker: Household, points: int, on: date, reason: str) -> list[Entry]:
    """Points that go from one household to another: two lines that add up to nothing, the gain first."""
    return [
        Entry(
            household=household,
            kind=LineKind.TRANSFER,
            account=Account.TRANSFER,
            points=signed,
            title=_("分户并户"),
            happened_on=on,
            dated_on=on,
            reason=reason,
        )
        for household, signed in sorted([(taker, points), (giver, -points)], key=lambda pair: -pair[1])
    ]


def _require_room(household: Household, change: int) -> None:
    balance = Balance.objects.get(household=household)
    if change < 0 and not balance.may_be_negative and balance.points + change < 0:
        raise ValidationError(
            _("%(household)s现有 %(balance)d 分，不够扣 %(points)d 分；本村的余额不能为负。")
            % {"household": household, "balance": balance.points, "points": -change}
        )
