"""Funds, vouchers and papers for tests."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from registry.funds import actions
from registry.funds.models import Fund, Kind, Voucher
from registry.organizations.models import Filing, Organization, OrganizationKind
from registry.places.models import Place

_numbers = itertools.count(1)


def paper(name: str = "签收单.txt") -> SimpleUploadedFile:
    """A paper that proves something."""
    return SimpleUploadedFile(name, "签收：十二户，均已签字。".encode())


def make_organization(place: Place, name: str = "") -> Organization:
    """A community organization in the register."""
    number = next(_numbers)
    county = place.get_root()
    kind, _created = OrganizationKind.objects.get_or_create(county=county, code="welfare", defaults={"name": "公益类"})
    applicant = User.objects.create_user(f"applicant{number}")
    particulars = {
        "name": name or f"暖阳互助会{number}",
        "form": "community",
        "kind": kind,
        "field_of_work": "relief",
        "place": place,
        "aims": "邻里互助",
    }
    filing = Filing.objects.create(applicant=applicant, **particulars)
    today = timezone.localdate()
    return Organization.objects.create(
        filing=filing,
        number=f"T{number:08d}",
        registered_on=today,
        valid_from=today,
        valid_until=today + timedelta(days=900),
        **particulars,
    )


def make_fund(place: Place, *, started_on: date | None = None, by: Any = None, **fields: Any) -> Fund:
    """An open fund, managed by an organization of its place."""
    number = next(_numbers)
    values = {
        "name": f"柳河暖心基金{number}",
        "kind": "micro",
        "purpose": "帮助遇到急难的邻居，支持村里的老人和孩子。",
        "started_on": started_on or timezone.localdate() - timedelta(days=200),
    } | fields
    values.setdefault("manager", make_organization(place))
    return actions.open_fund(fund=Fund(place=place, **values), by=by)


@dataclass
class Desk:
    """Two people who keep the books of a fund: one proposes, the other approves."""

    fund: Fund
    clerk: User
    chief: User
    day: date = field(default_factory=timezone.localdate)

    def propose(self, kind: str, *, papers: int = 1, **fields: Any) -> Voucher:
        """A voucher of this kind, with what it needs unless given."""
        values: dict[str, Any] = {"fund": self.fund, "kind": kind, "on": self.day, "purpose": "慰问困难家庭"}
        values |= _NEEDED[kind]() | fields
        evidence = [paper(f"{number}.txt") for number in range(papers)]
        return actions.propose(voucher=Voucher(**values), evidence=evidence, by=self.clerk)

    def post(self, kind: str, **fields: Any) -> Voucher:
        """A voucher that is in the books."""
        return actions.approve(voucher=self.propose(kind, **fields), by=self.chief)

    def give(self, amount: str | Decimal, **fields: Any) -> Voucher:
        """A donation of money in the books."""
        return self.post(Kind.DONATION, amount=Decimal(amount), **fields)

    def spend(self, amount: str | Decimal, **fields: Any) -> Voucher:
        """A grant in the books."""
        return self.post(Kind.GRANT, amount=Decimal(amount), **fields)

    def reverse(self, voucher: Voucher, **fields: Any) -> Voucher:
        """A reversal in the books."""
        return self.post(Kind.REVERSAL, reverses=voucher, papers=0, **fields)


def _money() -> dict[str, Any]:
    return {"amount": Decimal("100.00"), "account": "bank"}


def _goods() -> dict[str, Any]:
    return {"goods": "大米", "unit": "公斤", "quantity": Decimal(50)}


def _donor() -> dict[str, Any]:
    return {"donor_kind": "person", "donor_name": "陆𠅤明"}


def _persons() -> dict[str, Any]:
    return {"recipient_kind": "persons", "recipient_group": "低保家庭", "recipient_count": 12}


_NEEDED: dict[str, Callable[[], dict[str, Any]]] = {
    Kind.OPENING: _money,
    Kind.DONATION: lambda: _money() | _donor(),
    Kind.INCOME: _money,
    Kind.GRANT: lambda: _money() | _persons(),
    Kind.COST: _money,
    Kind.TRANSFER: _money,
    Kind.MOVE: _money,
    Kind.GOODS_DONATION: lambda: _goods() | _donor() | {"value": Decimal("250.00")},
    Kind.GOODS_DISTRIBUTION: lambda: _goods() | _persons(),
    Kind.GOODS_LOSS: _goods,
    Kind.REVERSAL: dict,
}
