"""What stands on the page of an organization's managers: its volunteers, and what waits there."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.entries import Entry
from registry.organizations.desk_entries import register_desk_entries
from registry.organizations.models import Organization
from registry.volunteers.models import HourLine


@register_desk_entries
def volunteering(organization: Organization) -> Iterable[Entry]:
    """The way to activities and hours, and how many objections wait."""
    disputed = HourLine.objects.filter(activity__organization=organization).disputed().count()
    detail = _("%(count)d 条异议待核实") % {"count": disputed} if disputed else ""
    address = reverse("volunteers:organizing", args=[organization.number])
    yield Entry(_("志愿服务"), _("活动、签到和时长"), address, detail)
