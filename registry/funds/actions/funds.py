"""A fund is opened, changed, closed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from registry.places.models import Place
from search import outbox

from ..models import MONEY_ACCOUNTS, Account, Balance, Fund, Stock
from .posting import lock

SOURCE = "fund"
"""The name of funds among what can be searched."""


@transaction.atomic
def open_fund(*, fund: Fund, by: Any) -> Fund:
    """Save a new fund under the next number of its place, with an empty account of each kind.

    Raises ValidationError.
    """
    # Two funds of one place opened at once would take the same number.
    place = Place.objects.select_for_update(of=("self",)).get(pk=fund.place_id)
    fund.code = f"{place.code}-{_next_of(place)}"
    _check_manager(fund)
    fund.full_clean()
    fund.save(force_insert=True)
    Balance.objects.bulk_create(Balance(fund=fund, account=account) for account in Account.values)
    audit.record(by=by, action="funds.open_fund", subject=fund, place=place, code=fund.code)
    outbox.record(SOURCE, [fund.pk])
    return fund


@transaction.atomic
def change_fund(*, fund: Fund, by: Any, fields: list[str]) -> Fund:
    """Save what was changed of a fund's description. Its place and first day stay. Raises ValidationError."""
    if {"place", "started_on", "code", "closed_on", "last_number"} & set(fields):
        raise ValueError("a fund's place, days and numbers are no description")
    if "manager" in fields:
        _check_manager(fund)
    fund.full_clean()
    fund.save(update_fields=fields)
    audit.record(by=by, action="funds.change_fund", subject=fund, place=fund.place, fields=fields)
    outbox.record(SOURCE, [fund.pk])
    return fund


@transaction.atomic
def close_fund(*, fund: Fund, by: Any) -> Fund:
    """End a fund that has nothing left and nothing undecided. Raises ValidationError."""
    (fund,) = lock(fund)
    if not fund.is_open:
        raise ValidationError(_("%(fund)s已经终止。") % {"fund": fund})
    if fund.vouchers.pending().exists() or fund.incoming_vouchers.pending().exists():
        raise ValidationError(_("还有待审批的凭证，先审批或撤回，再终止基金。"))
    left = sum(fund.balances.filter(account__in=MONEY_ACCOUNTS).values_list("amount", flat=True))
    if left:
        raise ValidationError(_("基金还有 %(left)s 元，用完或划转后才能终止。") % {"left": f"{left:,.2f}"})
    if Stock.objects.filter(fund=fund).there().exists():
        raise ValidationError(_("基金还有物资没有发放，不能终止。"))
    fund.closed_on = timezone.localdate()
    fund.save(update_fields=["closed_on"])
    audit.record(by=by, action="funds.close_fund", subject=fund, place=fund.place)
    outbox.record(SOURCE, [fund.pk])
    return fund


def _check_manager(fund: Fund) -> None:
    """Who is no longer registered takes no fund into its hands; one that it has it may still wind up."""
    if fund.manager_id is not None and not fund.manager.is_registered:
        raise ValidationError({"manager": _("这个组织现在不在册，不能管理基金。")})


def _next_of(place: Place) -> int:
    numbers = Fund.objects.filter(code__startswith=f"{place.code}-").values_list("code", flat=True)
    return max((int(code.rsplit("-", 1)[1]) for code in numbers), default=0) + 1
