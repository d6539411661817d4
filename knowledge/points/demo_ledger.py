"""Two years of a village's ledger, month by month: points, mistakes, redemptions, the years' ends, the closing."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from . import demo_words as words
from .calendar import first_day, last_day, month_before
from .choices import Account, LineKind, PeriodKind, YearEnd
from .models import Household, Item, LedgerLine, Period, Redemption, Reward, Rules, StockMove

if TYPE_CHECKING:
    from .demo import VillageDemo

_EACH = 1.8
"""Lines that a household has in a month, one with another."""
_OPEN_MONTHS = 2
"""The last months of the demo stay open: something is left to close."""
_REDEEMING = 0.07


class Bookkeeper:
    """Writes a village's lines, and keeps beside them what the database will say of them: no line may be refused."""

    def __init__(
        self,
        demo: "VillageDemo",
        rules: Rules,
        items: Sequence[Item],
        households: Sequence[Household],
        rewards: Sequence[Reward],
    ) -> None:
        self.demo, self.rules, self.items, self.rewards = demo, rules, items, rewards
        self.households = households
        self.chance = demo.chance
        self._by_pk = {household.pk: household for household in households}
        self._weights = [drawn.often for drawn in words.ITEMS]
        # Some households do much, most a little, some nothing for months.
        self._zeal = [self.chance.paretovariate(1.4) for _ in households]
        self.balances: defaultdict[int, int] = defaultdict(int)
        self.used: defaultdict[tuple[int, int, date], int] = defaultdict(int)
        self.earned: defaultdict[tuple[int, int], int] = defaultdict(int)
        """By household and year: what does not expire yet."""
        self.stock: dict[int, int] = {}
        self.carried: list[tuple[Household, int]] = []

    def keep(self) -> None:
        """All months, from the first to this one; then the closing."""
        first, months = self.demo.first, []
        while first <= self.demo.today:
            months.append(first)
            first = last_day(first, PeriodKind.MONTH) + timedelta(days=1)
        periods = Period.objects.bulk_create(
            Period(place=self.demo.place, first_day=one, last_day=last_day(one, PeriodKind.MONTH)) for one in months
        )
        self._restock(months[0], 400)
        for period in periods:
            self._month(period)
        self._close(periods)

    def _month(self, period: Period) -> None:
        until = min(period.last_day, self.demo.today)
        if period.first_day.month in {1, 7}:
            self._restock(period.first_day, 200)
        lines = [*self._carried_in(period), *self._awards(period, until)]
        self._write(period, lines)
        self._write(period, list(self._mistakes(period, lines, until)))
        self._redeem(period, until)
        if period.first_day.month == 12 and period.last_day < self.demo.today:
            self._write(period, list(self._year_end(period)))
        period.save(update_fields=["lines"])

    def _write(self, period: Period, lines: Sequence[LedgerLine]) -> None:
        for line in lines:
            period.lines += 1
            line.number = period.lines
        LedgerLine.objects.bulk_create(lines, batch_size=800)

    def _line(
        self, period: Period, household: Household, kind: LineKind, account: str, points: int, title: str, day: date
    ) -> LedgerLine:
        self.balances[household.pk] += points
        return LedgerLine(
            place_id=self.demo.place.pk,
            household_id=household.pk,
            period_id=period.pk,
            kind=kind,
            account=account,
            points=points,
            title=title,
            happened_on=day,
            dated_on=day,
            posted_by_id=self.demo.cast.clerk.pk,
            posted_at=at(day, self.chance),
        )

    def _awards(self, period: Period, until: date) -> Iterator[LedgerLine]:
        count = round(len(self.households) * _EACH * (until - period.first_day).days / 30)
        chosen = self.chance.choices(self.households, self._zeal, k=count)
        for household, item in zip(chosen, self.chance.choices(self.items, self._weights, k=count), strict=True):
            day = period.first_day + timedelta(days=self.chance.randrange((until - period.first_day).days + 1))
            if not self._fits(household, item, day):
                continue
            line = self._line(period, household, LineKind.AWARD, item.category, item.points, item.name, day)
            line.item_id = item.pk
            if item.cap is not None:
                line.cap, line.cap_from = item.cap, first_day(day, item.cap_period)
                line.cap_until = last_day(day, item.cap_period)
            self.earned[household.pk, day.year] += item.points
            yield line

    def _fits(self, household: Household, item: Item, day: date) -> bool:
        if item.points < 0 and not self.rules.may_be_negative and self.balances[household.pk] + item.points < 0:
            return False
        if item.cap is None:
            return True
        key = (household.pk, item.pk, first_day(day, item.cap_period))
        if self.used[key] + abs(item.points) > item.cap:
            return False
        self.used[key] += abs(item.points)
        return True

    def _mistakes(self, period: Period, lines: Sequence[LedgerLine], until: date) -> Iterator[LedgerLine]:
        """A few lines were entered for the wrong household, and are undone."""
        for wrong in self.chance.sample(lines, min(len(lines), self.chance.randint(0, 2))):
            if wrong.kind != LineKind.AWARD or self.balances[wrong.household_id] < wrong.points:
                continue
            household = self._by_pk[wrong.household_id]
            line = self._line(period, household, LineKind.REVERSAL, wrong.account, -wrong.points, wrong.title, until)
            line.happened_on, line.reversal_of, line.reason = wrong.happened_on, wrong, "登记错了户"
            line.item_id, line.cap = wrong.item_id, wrong.cap
            line.cap_from, line.cap_until = wrong.cap_from, wrong.cap_until
            self.earned[wrong.household_id, wrong.happened_on.year] -= wrong.points
            if wrong.cap is not None and wrong.cap_from is not None and wrong.item_id is not None:
                self.used[wrong.household_id, wrong.item_id, wrong.cap_from] -= abs(wrong.points)
            yield line

    def _redeem(self, period: Period, until: date) -> None:
        """What some households take from the store at the month's end."""
        lines, taken = [], []
        for household in self.chance.sample(self.households, round(len(self.households) * _REDEEMING)):
            reward = self.chance.choice(self.rewards)
            if self.balances[household.pk] < reward.price or self.stock[reward.pk] < 1:
                continue
            self.stock[reward.pk] -= 1
            title = f"{reward.name} × 1"
            account = Account.REDEMPTION
            lines.append(self._line(period, household, LineKind.REDEMPTION, account, -reward.price, title, until))
            taken.append(reward)
        self._write(period, lines)
        redemptions = Redemption.objects.bulk_create(
            self._redemption(line, reward) for line, reward in zip(lines, taken, strict=True)
        )
        StockMove.objects.bulk_create(
            StockMove(reward=one.reward, change=-1, reason="redemption", redemption=one, by=one.made_by, at=one.made_at)
            for one in redemptions
        )

    def _redemption(self, line: LedgerLine, reward: Reward) -> Redemption:
        waits = line.dated_on >= self.demo.today - timedelta(days=3)
        return Redemption(
            place=self.demo.place,
            household_id=line.household_id,
            reward=reward,
            line=line,
            reward_name=reward.name,
            price=reward.price,
            state=Redemption.State.RESERVED if waits else Redemption.State.HANDED_OVER,
            request_key=UUID(int=self.chance.getrandbits(128)),
            made_by=self.demo.cast.clerk,
            made_at=line.posted_at,
            closed_by=None if waits else self.demo.cast.clerk,
            closed_at=None if waits else line.posted_at,
        )

    def _restock(self, day: date, count: int) -> None:
        for reward in self.rewards:
            self.stock[reward.pk] = self.stock.get(reward.pk, 0) + count
        StockMove.objects.bulk_create(
            StockMove(reward=reward, change=count, reason="restock", by=self.demo.cast.clerk, at=at(day, self.chance))
            for reward in self.rewards
        )

    def _year_end(self, december: Period) -> Iterator[LedgerLine]:
        for household in self.households:
            balance = self.balances[household.pk]
            if self.rules.year_end == YearEnd.EXPIRE:
                expired = max(0, balance - max(0, self.earned[household.pk, december.first_day.year]))
                kind, points = LineKind.EXPIRY, -expired
            elif self.rules.year_end == YearEnd.RESET:
                kind, points = LineKind.RESET, -balance
            else:
                kind, points = LineKind.CARRIED_OUT, -balance
                self.carried.append((household, balance))
            if points:
                title = str(kind.label)
                yield self._line(december, household, kind, Account.YEAR_END, points, title, december.last_day)

    def _carried_in(self, period: Period) -> Iterator[LedgerLine]:
        title, kind = str(LineKind.CARRIED_IN.label), LineKind.CARRIED_IN
        carried, self.carried = self.carried, []
        for household, points in carried:
            if points:
                yield self._line(period, household, kind, Account.YEAR_END, points, title, period.first_day)

    def _close(self, periods: Sequence[Period]) -> None:
        open_from = month_before(self.demo.today, _OPEN_MONTHS - 1)
        for period in periods:
            if period.first_day < open_from:
                period.closed_at = at(period.last_day + timedelta(days=5), self.chance)
                period.closed_by = self.demo.cast.by
        Period.objects.bulk_update([one for one in periods if one.closed_at], ["closed_at", "closed_by"])


def at(day: date, chance: random.Random) -> datetime:
    """An hour of work on a day."""
    return timezone.make_aware(datetime.combine(day, time(chance.randint(8, 17), chance.randint(0, 59))))
