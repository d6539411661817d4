"""What stands on the page of an organization's managers: its volunteers, and what waits there."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.entries import Entry
from registry.organizations.desk_entries import register_desk_entries
from registry.organizations.models import Organization
from registry.volunteers.choices import CertificateState
from registry.volunteers.models import HourLine


@register_desk_entries
def volunteering(organization: Organization) -> Iterable[Entry]:
    """The way to activities, hours and certificates, and how much of it waits."""
    disputed = HourLine.objects.filter(activity__organization=organization).disputed().count()
    asked = organization.volunteer_certificates.filter(state=CertificateState.REQUESTED).count()
    waiting = [
        _("%(count)d 条异议待核实") % {"count": disputed} if disputed else "",
        _("%(count)d 份证明待出具") % {"count": asked} if asked else "",
    ]
    address = reverse("volunteers:organizing", args=[organization.number])
    yield Entry(_("志愿服务"), _("活动、签到、时长和证明"), address, "，".join(filter(None, waiting)))
