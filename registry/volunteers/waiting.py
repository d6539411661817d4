"""What waits for officials at the register of volunteers."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import rows_for
from accounts.waiting import Waiting, register_waiting
from registry.volunteers.choices import CertificateState
from registry.volunteers.models import Certificate, HourLine

_GROUP = _("志愿服务")


@register_waiting
def objections(user: Any) -> Iterator[Waiting]:
    """Hours that the volunteer objects to."""
    if user.has_perm("volunteers.rule_hourline"):
        count = rows_for(HourLine, user, "rule").disputed().count()  # type: ignore[attr-defined]
        yield Waiting(_GROUP, _("时长异议待核实"), reverse("volunteers_objections:index"), count)


@register_waiting
def certificates(user: Any) -> Iterator[Waiting]:
    """Certificates asked for."""
    if user.has_perm("volunteers.issue_certificate"):
        asked = rows_for(Certificate, user, "issue").filter(state=CertificateState.REQUESTED)
        url = f"{reverse('volunteers_certificates:index')}?state={CertificateState.REQUESTED}"
        yield Waiting(_GROUP, _("记录证明待出具"), url, asked.count())
