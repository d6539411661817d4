"""Figures of hours, and the certificate as it is printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.sensitive import mask_name
from printing import fields, kinds, pdf, tables
from registry.organizations.models import Organization
from registry.places.models import Kind, Place, on_the_way, subtree
from registry.volunteers.choices import LineKind
from registry.volunteers.halves import halves_to_next_star, hours, stars
from registry.volunteers.models import Certificate, HourLine, Volunteer
from registry.volunteers.models.certificates import issuer_of

CERTIFICATE = kinds.register("volunteers.certificate", label=_lazy("志愿服务记录证明"), prefix="志服证").name

COLUMNS = fields.Fields(
    fields.Field("#", _lazy("序号"), 3.5, "center"),
    fields.Field("date", _lazy("日期"), 7.4, "center"),
    fields.Field("activity", _lazy("服务活动"), 13),
    fields.Field("organizer", _lazy("组织单位"), 10),
    fields.Field("place", _lazy("地点"), 6.5),
    fields.Field("kind", _lazy("类别"), 6.2, "center"),
    fields.Field("hours", _lazy("小时"), 4.2, "right", show=lambda value: f"{value.normalize():f}"),
)
_TABLE_EM = 49
"""The width of the table on A4, in characters of its own type size."""


class Totals(NamedTuple):
    """What somebody gave, in half hours. A star is earned by service; training counts for itself."""

    service: int
    training: int

    @property
    def service_hours(self) -> Decimal:
        """Hours of service."""
        return hours(self.service)

    @property
    def training_hours(self) -> Decimal:
        """Hours of training."""
        return hours(self.training)

    @property
    def stars(self) -> int:
        """The star level, 0 to 5."""
        return stars(self.service)

    @property
    def hours_to_next_star(self) -> Decimal | None:
        """What is missing to the next star; None with five."""
        left = halves_to_next_star(self.service)
        return None if left is None else hours(left)


def totals(lines: Any) -> Totals:
    """The totals of a queryset of lines, in one query."""
    sums = dict(lines.order_by().values_list("kind").annotate(Sum("halves")))
    return Totals(sums.get(LineKind.SERVICE, 0), sums.get(LineKind.TRAINING, 0))


def totals_of(volunteer: Volunteer) -> Totals:
    """All that a volunteer gave."""
    return totals(volunteer.hour_lines.all())


class Issuer(NamedTuple):
    """Who can certify hours of a volunteer, and how many there are."""

    place: Place
    organization: Organization | None
    halves: int

    @property
    def key(self) -> str:
        """What a form sends: `o12`, `p7`."""
        return f"o{self.organization.pk}" if self.organization else f"p{self.place.pk}"

    @property
    def label(self) -> str:
        """Who it is, how much they can certify, and of whom where it is the record of one no longer registered."""
        said = {"issuer": issuer_of(self.place, self.organization), "hours": hours(self.halves)}
        if self.organization is not None and not self.organization.is_registered:
            said["organization"] = str(self.organization)
            return _("%(issuer)s（“%(organization)s”已不在册，它记录的 %(hours)s 小时由这里出具）") % said
        return _("%(issuer)s（%(hours)s 小时）") % said


def issuers(volunteer: Volunteer) -> list[Issuer]:
    """Who recorded hours of a volunteer and so certifies them: organizations, the places that organized themselves, and
    the township that keeps the record for several of its villages. What an organization recorded is asked for apart,
    also when it is no longer registered and its place certifies.
    """
    lines = volunteer.hour_lines.certifiable().order_by()
    by_organization = lines.exclude(activity__organization=None).values_list("activity__organization")
    sums = dict(by_organization.annotate(Sum("halves")))
    organizations = Organization.objects.filter(pk__in=sums).select_related("place").order_by("name")
    found = [Issuer(organization.place, organization, sums[organization.pk]) for organization in organizations]
    return found + _places(dict(_own(lines).values_list("activity__place").annotate(Sum("halves"))))


def _places(sums: dict[int, int]) -> list[Issuer]:
    places = list(Place.objects.filter(pk__in=sums).order_by("path"))
    found = [Issuer(place, None, sums[place.pk]) for place in places]
    townships = Place.objects.of_kind(Kind.TOWNSHIP).filter(path__in=on_the_way(place.path for place in places))
    for township in townships:
        below = [place for place in places if township.holds(place)]
        if len(below) > 1 and township not in places:
            found.append(Issuer(township, None, sum(sums[place.pk] for place in below)))
    return found


def _own(lines: Any) -> Any:
    """Lines of activities that a place organized itself."""
    return lines.filter(activity__organization=None)


def certified_lines(certificate: Certificate) -> Any:
    """The lines that a certificate lists: of its issuer, in its period, under no open objection."""
    lines = HourLine.objects.certifiable().filter(volunteer=certificate.volunteer)
    if certificate.organization_id:
        lines = lines.filter(activity__organization=certificate.organization_id)
    else:
        lines = _own(lines).filter(subtree([certificate.place], "activity__place"))
    period = Q()
    if certificate.since:
        period &= Q(date__gte=certificate.since)
    if certificate.until:
        period &= Q(date__lte=certificate.until)
    return lines.filter(period).select_related("activity__organization", "activity__place").order_by("starts_at", "pk")


class CertificateRow(NamedTuple):
    """A line as the certificate lists it."""

    date: date
    activity: str
    organizer: str
    place: str
    kind: str
    hours: Decimal


@dataclass(frozen=True)
class CertificateReport:
    """The certificate of a volunteer: what is on it, and how it is printed."""

    certificate: Certificate
    lines: Sequence[HourLine]
    handler: str

    @cached_property
    def service_halves(self) -> int:
        """Half hours of service."""
        return self._sum(LineKind.SERVICE)

    @cached_property
    def training_halves(self) -> int:
        """Half hours of training."""
        return self._sum(LineKind.TRAINING)

    @property
    def period(self) -> str:
        """From when to when: as asked for, else from the first line to the last."""
        since = self.certificate.since or self.lines[0].date
        until = self.certificate.until or self.lines[-1].date
        return _day(since) if since == until else f"{_day(since)}—{_day(until)}"

    @cached_property
    def rows(self) -> list[CertificateRow]:
        """The lines as they are listed."""
        return [
            CertificateRow(
                line.date,
                line.activity.title,
                line.activity.organizer,
                str(line.activity.place),
                line.get_kind_display(),
                hours(line.halves),
            )
            for line in self.lines
        ]

    def paper(self) -> dict[str, Any]:
        """What `printing.actions.issue` takes, beside `by`: in the language of the office, whoever hands it out."""
        with translation.override("zh-hans"):
            return self._paper()

    def preview(self) -> bytes:
        """The PDF as it would be issued today, without a number and marked as a draft. Raises PrintingError."""
        paper = self.paper()
        context = paper["context"] | {"draft": True}
        return pdf.render(paper["template"], context, title=paper["title"], sheets=paper["sheets"])

    def _paper(self) -> dict[str, Any]:
        volunteer, issuer = self.certificate.volunteer, self.certificate.issuer
        title = _("志愿服务记录证明")
        return {
            "kind": CERTIFICATE,
            "title": title,
            "template": "volunteers/certificate.html",
            "context": self.context(),
            "issuer": issuer,
            "place_code": self.certificate.place.code,
            "subject": mask_name(volunteer.name),
            "facts": [
                (_("服务时长"), _("%(hours)s 小时") % {"hours": hours(self.service_halves)}),
                (_("培训时长"), _("%(hours)s 小时") % {"hours": hours(self.training_halves)}),
                (_("服务期间"), self.period),
            ],
            "filename": f"{title}-{volunteer.name}.pdf",
            "sheets": self.sheets(),
        }

    def context(self) -> dict[str, Any]:
        """What the template needs, the sheets apart."""
        return {
            "certificate": self.certificate,
            "volunteer": self.certificate.volunteer,
            "issuer": self.certificate.issuer,
            "served": self.period,
            "handler": self.handler,
            "service_hours": hours(self.service_halves),
            "training_hours": hours(self.training_halves),
            "count": len(self.lines),
            "fields": COLUMNS,
        }

    def sheets(self) -> tables.Sheets:
        """The list of services, cut into pages."""
        return tables.Sheets(
            self.rows,
            per_page=32,
            first_page=22,
            ending=16,
            totals=("hours",),
            lines=COLUMNS.line_counter(_TABLE_EM),
        )

    def _sum(self, kind: str) -> int:
        return sum(line.halves for line in self.lines if line.kind == kind)


def certificate_report(certificate: Certificate, *, handler: str) -> CertificateReport:
    """What a certificate says today, issued by `handler`."""
    return CertificateReport(certificate, list(certified_lines(certificate)), handler)


def outdated(certificate: Certificate) -> bool:
    """Whether the record was corrected since the certificate was issued: it then says other hours than the ledger."""
    if not certificate.holds or certificate.document is None:
        return False
    issued_on = timezone.localdate(certificate.document.issued_at)
    now = totals(certified_lines(certificate).filter(date__lte=certificate.until or issued_on))
    return (now.service, now.training) != (certificate.service_halves, certificate.training_halves)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
