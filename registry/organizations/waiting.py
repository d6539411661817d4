"""What waits for officials at the register of organizations."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import reach, rows_for
from accounts.waiting import Waiting, counted, register_waiting
from registry.organizations.models import AnnualReport, Filing, Organization, Service

_GROUP = _("社会组织")


@register_waiting
def filings(user: Any) -> Iterator[Waiting]:
    """Filings on which an opinion is due, those past their day marked."""
    if user.has_perm("organizations.review_filing"):
        today = timezone.localdate()
        count, late = counted(rows_for(Filing, user, "review").waiting(), Q(due_on__lt=today))  # type: ignore[attr-defined]
        url = reverse("organization_filings:index")
        yield Waiting(_GROUP, _("备案申请待审核"), url, count, late, _("超期"))


@register_waiting
def renewals(user: Any) -> Iterator[Waiting]:
    """Organizations whose time ends; those who keep their services know them, and can tell them."""
    if user.has_perm("organizations.change_service"):
        mine = Organization.objects.filter(reach(user, "organizations.change_service", "place")).renewable()
        count, late = counted(mine, Q(valid_until__lt=timezone.localdate()))
        url = f"{reverse('organizations_register:index')}?renewable=true"
        yield Waiting(_GROUP, _("该续期还没申请的组织"), url, count, late, _("已过期"))


@register_waiting
def services(user: Any) -> Iterator[Waiting]:
    """Services that nobody confirmed for too long."""
    if user.has_perm("organizations.change_service"):
        count = rows_for(Service, user, "change").stale().count()  # type: ignore[attr-defined]
        yield Waiting(_GROUP, _("过时的服务信息"), reverse("organizations_stale_services"), count)


@register_waiting
def annual_reports(user: Any) -> Iterator[Waiting]:
    """Annual reports that nobody has confirmed."""
    if user.has_perm("organizations.change_annualreport"):
        count = rows_for(AnnualReport, user, "change").filter(confirmed_at=None).count()
        url = f"{reverse('organization_annual_reports:index')}?confirmed=false"
        yield Waiting(_GROUP, _("年度报告待确认"), url, count)
