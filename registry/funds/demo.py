"""Six funds with two years of books: written in bulk, under the constraints and triggers of every other line."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from registry.organizations.models import Organization
from registry.places.models import Kind as PlaceKind
from registry.places.models import Place

from . import actions, reports
from . import demo_words as words
from .actions.statements import freeze
from .demo_books import Books, Maker, Paper, months_ago
from .models import Account, Donation, Fund, Kind, ReceiptStatus, Statement, Voucher
from .periods import finished_periods

MONTHS = 24
OVERDUE = "白茶村护路微基金"
"""The fund that has not published its last quarter but one."""
CORRECTED = "柳河村暖心微基金"
"""The fund whose last published quarter was corrected."""


def load(*, places: Sequence[Place], by: User, seed: int = 5) -> list[Fund]:
    """The demo's funds at these villages and their townships; made once, when there are organizations to manage them.

    `by` approves; a clerk of the demo, who cannot sign in, proposes.
    """
    if not Fund.objects.exists() and Organization.objects.registered().exists():
        clerk, _created = User.objects.get_or_create(username="fund-clerk", defaults={"display_name": "周丽华"})
        if clerk.has_usable_password():
            clerk.set_unusable_password()
            clerk.save(update_fields=["password"])
        _make(places, clerk, by, random.Random(seed))  # noqa: S311 - figures of a demo
    return list(Fund.objects.order_by("code"))


def _make(places: Sequence[Place], clerk: User, chief: User, chance: random.Random) -> None:
    by_name = {place.name: place for place in places}
    by_name |= {place.name: place for village in places if (place := village.above(PlaceKind.TOWNSHIP))}
    paper = Paper.store()
    makers = []
    for name, place_name, kind, months, purpose in words.FUNDS:
        if place_name in by_name:
            fund = _fund(name, by_name[place_name], kind, months, purpose, chief)
            makers.append(Maker(Books(fund), clerk, chief, chance, paper))
    today = timezone.localdate()
    for maker in makers:
        maker.fill(today)
    _write(makers)
    for maker in makers:
        _publish(maker, today)
    _leave_work(makers, today)


def _fund(name: str, place: Place, kind: str, months: int, purpose: str, by: User) -> Fund:
    near = Organization.objects.registered().at(place) or Organization.objects.registered()
    manager = near.order_by("form", "number").first()
    fund = Fund(name=name, place=place, kind=kind, disclosure_months=months, purpose=purpose, manager=manager)
    fund.rules = words.RULES.format(cycle=fund.get_disclosure_months_display())
    fund.started_on = months_ago(timezone.localdate(), MONTHS)
    return actions.open_fund(fund=fund, by=by)


@transaction.atomic
def _write(makers: list[Maker]) -> None:
    """All vouchers with their papers while they are pending, then the books."""
    vouchers = [voucher for maker in makers for voucher in maker.books.vouchers]
    Voucher.objects.bulk_create(vouchers)
    makers[0].paper.attach(vouchers)
    for maker in makers:
        maker.post()


def _publish(maker: Maker, today: date) -> None:
    """Every period that is over, a week before the last day for it; one fund is behind with its last one."""
    fund = maker.fund
    periods = list(finished_periods(fund, None, today))
    for period in periods[: -2 if fund.name == OVERDUE else None]:
        statement = reports.draft(fund, period)
        statement.published_by = maker.chief
        moment = min(period.due_on(fund) - timedelta(days=7), today)
        statement.published_at = timezone.make_aware(datetime.combine(moment, time(10, 0)))
        freeze(statement)


def _leave_work(makers: list[Maker], today: date) -> None:
    """What a visitor of the demo can do and read: a voucher to decide, a correction, a receipt, the last accounts."""
    for maker in makers:
        fund, chief = maker.fund, maker.chief
        last = fund.statements.order_by("-ends_on").first()
        if last is not None:
            actions.print_statement(statement=last, by=chief)
            if fund.name == CORRECTED:
                _correct(maker, last, today)
        _propose(maker, today)
    wanted = Donation.objects.filter(receipt_status=ReceiptStatus.WANTED).order_by("-voucher__on", "-pk")
    donation = wanted.first()
    if donation is not None:
        actions.give_receipt(donation=donation, by=makers[0].chief)


def _correct(maker: Maker, statement: Statement, today: date) -> None:
    """A grant of the published quarter turns out wrong: it is reversed, and a note says so."""
    told = maker.fund.vouchers.standing().filter(on__range=(statement.starts_on, statement.ends_on))
    wrong = told.filter(kind=Kind.GRANT).order_by("on").first()
    if wrong is None:
        return
    reversal = Voucher(fund=maker.fund, kind=Kind.REVERSAL, reverses=wrong, on=today, purpose=words.REVERSED)
    actions.propose(voucher=reversal, by=maker.clerk)
    actions.approve(voucher=reversal, by=maker.chief)
    text = words.CORRECTION % {"number": wrong.number}
    note = actions.correct(statement=statement, text=text, reversal=reversal, by=maker.chief)
    actions.print_correction(correction=note, by=maker.chief)


def _propose(maker: Maker, today: date) -> None:
    voucher = Voucher(fund=maker.fund, kind=Kind.COST, on=today, amount=Decimal(180), account=Account.BANK)
    voucher.purpose = words.PENDING
    actions.propose(voucher=voucher, by=maker.clerk)
    maker.paper.attach([voucher])
