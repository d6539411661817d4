"""What stands on a volunteer's account page."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.entries import Entry, register_entries
from registry.volunteers.models import Volunteer
from registry.volunteers.reports import totals_of


@register_entries
def volunteering(user: Any) -> Iterable[Entry]:
    """The hours, or the way to register."""
    volunteer = Volunteer.objects.filter(user=user).first()
    if volunteer is None:
        yield Entry(_("志愿服务"), _("登记成为志愿者"), reverse("volunteers:register"))
        return
    hours = totals_of(volunteer).service_hours
    yield Entry(_("志愿服务"), _("我的志愿服务"), reverse("volunteers:own"), _("%(hours)s 小时") % {"hours": hours})
