"""What waits for officials at the funds."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import reach, rows_for
from accounts.waiting import Waiting, register_waiting

from .disclosure import due
from .models import Fund, Status, Voucher

_GROUP = _("社区基金")


@register_waiting
def vouchers(user: Any) -> Iterator[Waiting]:
    """Vouchers that somebody else proposed."""
    if user.has_perm("funds.approve_voucher"):
        others = rows_for(Voucher, user, "approve").pending().exclude(entered_by=user)  # type: ignore[attr-defined]
        url = f"{reverse('fund_vouchers:index')}?status={Status.PENDING}"
        yield Waiting(_GROUP, _("凭证待审批"), url, others.count())


@register_waiting
def disclosures(user: Any) -> Iterator[Waiting]:
    """Periods that are over and of which no account was given. Two queries."""
    if user.has_perm("funds.publish_statement"):
        owed = due(Fund.objects.filter(reach(user, "funds.publish_statement", "place")))
        late = sum(one.is_overdue for one in owed)
        yield Waiting(_GROUP, _("账目待公开"), reverse("fund_overdue"), len(owed), late, _("超期"))
