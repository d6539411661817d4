"""Two years of a fund, made up from one source of chance and written in bulk."""

import hashlib
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from registry.organizations.models import Organization
from registry.places.models import Kind as PlaceKind

from . import demo_words as words
from .models import (
    AGAINST,
    Account,
    Donation,
    DonorKind,
    Entry,
    Evidence,
    Fund,
    GoodsLine,
    Kind,
    ReceiptStatus,
    RecipientKind,
    Status,
    Stock,
    Voucher,
)


@dataclass
class Books:
    """A fund while its two years are made up: what it has, and the vouchers in the order of days."""

    fund: Fund
    money: dict[str, Decimal] = field(default_factory=lambda: {Account.BANK: Decimal(0), Account.CASH: Decimal(0)})
    goods: dict[tuple[str, str], list[Decimal]] = field(default_factory=dict)
    vouchers: list[Voucher] = field(default_factory=list)


@dataclass(frozen=True)
class Paper:
    """One stored file that stands for the evidence of all."""

    name: str
    sha256: str

    @classmethod
    def store(cls) -> "Paper":
        content = words.PAPER_TEXT.encode()
        field: Any = Evidence._meta.get_field("file")
        name = field.storage.save(field.generate_filename(None, "example.txt"), ContentFile(content))
        return cls(name, hashlib.sha256(content).hexdigest())

    def attach(self, vouchers: Iterable[Voucher]) -> None:
        """Put it behind each of these vouchers."""
        shared = {"file": self.name, "name": words.PAPER, "sha256": self.sha256}
        Evidence.objects.bulk_create(
            [
                Evidence(voucher=one, uploaded_by=one.entered_by, uploaded_at=one.entered_at, **shared)
                for one in vouchers
            ]
        )


class Maker:
    """Makes up the books of one fund."""

    def __init__(self, books: Books, clerk: User, chief: User, chance: random.Random, paper: Paper) -> None:
        self.books, self.fund = books, books.fund
        self.clerk, self.chief, self.chance, self.paper = clerk, chief, chance, paper
        self.villages = [books.fund.place, *books.fund.place.get_children()[:6]]
        self.groups = list(Organization.objects.registered().at(books.fund.place)[:6]) or [books.fund.manager]

    # --- what happens in two years ---

    def fill(self, today: date) -> None:
        """Each month from the start to yesterday."""
        self._donate(self.fund.started_on, Decimal(self.chance.choice([20000, 30000, 50000])), firm=True)
        month = self.fund.started_on
        while month < today:
            last = min(months_ago(month, -1), today) - timedelta(days=1)
            days = sorted(self._day(month, last) for _number in range(self.chance.randint(3, 7)))
            for day in days:
                self._something(day)
            if month.month % 3 == 0:
                self._voucher(Kind.INCOME, last, "存款利息", amount=self._yuan(8, 60, "0.01"), account=Account.BANK)
            month = months_ago(month, -1)
        self.books.vouchers.sort(key=lambda voucher: voucher.on)

    def _something(self, day: date) -> None:
        doing = self.chance.choices(
            [self._gift, self._box, self._help, self._place, self._group, self._cost, self._goods_in, self._goods_out],
            [30, 8, 22, 8, 9, 3, 6, 14],
        )[0]
        doing(day)

    def _gift(self, day: date) -> None:
        firm = self.chance.random() < 0.25
        self._donate(
            day,
            Decimal(self.chance.choice([50, 100, 200, 300, 500, 666, 1000] if not firm else [2000, 5000])),
            firm=firm,
        )

    def _box(self, day: date) -> None:
        self._voucher(
            Kind.DONATION,
            day,
            self.chance.choice(words.BOX),
            amount=self._yuan(80, 1500, "0.10"),
            account=Account.CASH,
            donor_kind=DonorKind.ANONYMOUS,
            receipt_wanted=False,
        )

    def _donate(self, day: date, amount: Decimal, *, firm: bool) -> None:
        named = self.chance.random() < 0.6
        self._voucher(
            Kind.DONATION,
            day,
            self.chance.choice(words.GIFTS),
            amount=amount,
            account=Account.BANK if firm or self.chance.random() < 0.7 else Account.CASH,
            named=named,
            receipt_wanted=firm or self.chance.random() < 0.4,
            **self._donor(firm),
        )

    def _help(self, day: date) -> None:
        what, group, most = self.chance.choice(words.PERSONS)
        count = self.chance.randint(1, most)
        self._spend(
            Kind.GRANT,
            day,
            what.format(group=group),
            self.chance.choice([100, 200, 300, 500]) * count,
            recipient_kind=RecipientKind.PERSONS,
            recipient_group=group,
            recipient_count=count,
        )

    def _place(self, day: date) -> None:
        place = self.chance.choice([place for place in self.villages if place.kind != PlaceKind.GRID])
        what = self.chance.choice(words.PLACE_GRANTS)
        amount = self.chance.randrange(800, 6000, 50)
        self._spend(Kind.GRANT, day, what, amount, recipient_kind=RecipientKind.PLACE, recipient_place=place)

    def _group(self, day: date) -> None:
        group, what = self.chance.choice(self.groups), self.chance.choice(words.GROUP_GRANTS)
        amount = self.chance.randrange(300, 3000, 100)
        kind = RecipientKind.ORGANIZATION
        self._spend(Kind.GRANT, day, what, amount, recipient_kind=kind, recipient_organization=group)

    def _cost(self, day: date) -> None:
        self._spend(Kind.COST, day, self.chance.choice(words.COSTS), self.chance.randint(20, 300))

    def _goods_in(self, day: date) -> None:
        goods, unit, worth, usual, _group = self.chance.choice(words.GOODS)
        quantity = Decimal(max(1, round(usual * self.chance.uniform(0.4, 1.3))))
        held = self.books.goods.setdefault((goods, unit), [Decimal(0), Decimal(0)])
        value = (quantity * Decimal(worth)).quantize(Decimal("0.01"))
        held[0] += quantity
        held[1] += value
        self._voucher(
            Kind.GOODS_DONATION,
            day,
            f"捐赠{goods}",
            goods=goods,
            unit=unit,
            quantity=quantity,
            value=value,
            named=True,
            receipt_wanted=True,
            **self._donor(firm=True),
        )

    def _goods_out(self, day: date) -> None:
        held = [key for key, (quantity, _value) in self.books.goods.items() if quantity >= 1]
        if not held:
            self._goods_in(day)
            return
        goods, unit = self.chance.choice(held)
        group = next(one[4] for one in words.GOODS if one[0] == goods)
        stock = self.books.goods[goods, unit]
        quantity = max(Decimal(1), (stock[0] * Decimal(self.chance.choice(["0.3", "0.5", "1"]))).to_integral_value())
        value = stock[1] if quantity == stock[0] else (stock[1] * quantity / stock[0]).quantize(Decimal("0.01"))
        stock[0] -= quantity
        stock[1] -= value
        voucher = self._voucher(
            Kind.GOODS_DISTRIBUTION,
            day,
            f"发放{goods}给{group}",
            goods=goods,
            unit=unit,
            quantity=quantity,
            recipient_kind=RecipientKind.PERSONS,
            recipient_group=group,
            recipient_count=min(int(quantity), self.chance.randint(4, 30)),
        )
        voucher.demo_value = value  # type: ignore[attr-defined]

    def _spend(self, kind: str, day: date, purpose: str, amount: int, **fields: Any) -> None:
        """A grant or a cost, at the most a third of what is there, so that something is left for the next."""
        account = max(self.books.money, key=lambda one: self.books.money[one])
        least = min(Decimal(amount), (self.books.money[account] / 3).quantize(Decimal("10")))
        if least > 0:
            self._voucher(kind, day, purpose, amount=least, account=account, **fields)

    def _voucher(self, kind: str, day: date, purpose: str, **fields: Any) -> Voucher:
        if "account" in fields:
            sign = -1 if kind in (Kind.GRANT, Kind.COST) else 1
            self.books.money[fields["account"]] += sign * fields["amount"]
        fields.setdefault("receipt_wanted", False)
        moment = timezone.make_aware(
            datetime.combine(day, time(9 + self.chance.randrange(8), self.chance.randrange(60)))
        )
        voucher = Voucher(
            fund=self.fund,
            kind=kind,
            on=day,
            purpose=purpose,
            entered_by=self.clerk,
            entered_at=moment,
            **fields,
        )
        self.books.vouchers.append(voucher)
        return voucher

    # --- into the books ---

    def post(self) -> None:
        """Number, decide and book all vouchers, as `actions.approve` does one by one."""
        for number, voucher in enumerate(self.books.vouchers, start=1):
            voucher.number, voucher.status, voucher.decided_by = number, Status.POSTED, self.chief
            voucher.decided_at = voucher.entered_at + timedelta(hours=self.chance.randint(2, 60))
        vouchers = self.books.vouchers
        Voucher.objects.bulk_update(vouchers, ["number", "status", "decided_by", "decided_at"], batch_size=200)
        Entry.objects.bulk_create([self._entry(voucher) for voucher in vouchers if voucher.amount is not None])
        stocks = {key: Stock(fund=self.fund, goods=key[0], unit=key[1]) for key in self.books.goods}
        Stock.objects.bulk_create(stocks.values())
        GoodsLine.objects.bulk_create(
            [self._line(voucher, stocks[voucher.goods, voucher.unit]) for voucher in vouchers if voucher.goods]
        )
        Donation.objects.bulk_create([_donation(voucher) for voucher in vouchers if voucher.donor_kind])
        Fund.objects.filter(pk=self.fund.pk).update(last_number=len(vouchers))

    def _entry(self, voucher: Voucher) -> Entry:
        assert voucher.amount is not None
        money, against = voucher.account, AGAINST[Kind(voucher.kind)]
        debit, credit = (against, money) if voucher.kind in (Kind.GRANT, Kind.COST) else (money, against)
        return Entry(
            fund=voucher.fund, kind=voucher.kind, amount=voucher.amount, debit=debit, credit=credit, **_booked(voucher)
        )

    def _line(self, voucher: Voucher, stock: Stock) -> GoodsLine:
        incoming = voucher.kind == Kind.GOODS_DONATION
        value = voucher.value if incoming else voucher.demo_value  # type: ignore[attr-defined]
        assert voucher.quantity is not None
        assert value is not None
        return GoodsLine(
            stock=stock,
            kind=voucher.kind,
            incoming=incoming,
            quantity=voucher.quantity,
            value=value,
            **_booked(voucher),
        )

    def _donor(self, firm: bool) -> dict[str, Any]:
        if firm:
            return {"donor_kind": DonorKind.ORGANIZATION, "donor_name": self.chance.choice(words.FIRMS)}
        name = self.chance.choice(words.SURNAMES) + self.chance.choice(words.GIVEN.split())
        return {"donor_kind": DonorKind.PERSON, "donor_name": name}

    def _day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.chance.randint(0, max(0, (last - first).days)))

    def _yuan(self, least: int, most: int, step: str) -> Decimal:
        return (Decimal(str(round(self.chance.uniform(least, most), 2))) // Decimal(step)) * Decimal(step)


def _booked(voucher: Voucher) -> dict[str, Any]:
    return {
        "voucher": voucher,
        "on": voucher.on,
        "purpose": voucher.purpose,
        "attachments": 1,
        "entered_by": voucher.entered_by,
        "approved_by": voucher.decided_by,
        "posted_at": voucher.decided_at,
    }


def _donation(voucher: Voucher) -> Donation:
    if voucher.donor_kind == DonorKind.ANONYMOUS:
        status = ReceiptStatus.ANONYMOUS
    else:
        status = ReceiptStatus.WANTED if voucher.receipt_wanted else ReceiptStatus.WAIVED
    return Donation(voucher=voucher, named=voucher.named, receipt_status=status)


def months_ago(day: date, months: int) -> date:
    """The first day of the month so many months before; negative: after."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
