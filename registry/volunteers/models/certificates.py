"""Certificates of volunteer service: asked for by the volunteer, issued by who keeps the record."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import Scoped
from printing.models import IssuedDocument
from registry.organizations.models import Organization
from registry.places.models import Place
from registry.volunteers.choices import CertificateState
from registry.volunteers.models.people import Volunteer


def issuer_of(place: Place, organization: Organization | None) -> str:
    """Who certifies today: an organization its own record while it is registered, else the place where it stands."""
    return str(organization) if organization is not None and organization.is_registered else place.full_name


class Certificate(Scoped):
    """A request for a 志愿服务记录证明, and what came of it.

    Free of charge and true to the record (Volunteer Service Regulations, article 19). Who records certifies: an
    organization its own activities, a place those that it and the places below it organized themselves. For an
    organization that is no longer registered its place certifies.
    """

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="certificates", verbose_name=_("志愿者"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="volunteer_certificates", verbose_name=_("出具地方"))
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="volunteer_certificates",
        verbose_name=_("出具组织"),
    )
    since = models.DateField(_("自"), null=True, blank=True)
    until = models.DateField(_("至"), null=True, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=CertificateState.choices, default=CertificateState.REQUESTED
    )
    requested_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    decided_at = models.DateTimeField(_("办理时间"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    refused_why = models.CharField(_("不予出具的原因"), max_length=200, blank=True)
    document = models.OneToOneField(
        IssuedDocument, models.PROTECT, null=True, related_name="volunteer_certificate", verbose_name=_("证明")
    )
    service_halves = models.PositiveIntegerField(_("服务半小时数"), null=True)
    training_halves = models.PositiveIntegerField(_("培训半小时数"), null=True)

    place_lookup: ClassVar[str] = "place"

    class Meta:
        verbose_name = _("志愿服务记录证明")
        verbose_name_plural = _("志愿服务记录证明")
        ordering = ["-requested_at", "-pk"]
        permissions = [("issue_certificate", _("出具志愿服务记录证明"))]
        indexes = [models.Index(fields=["state", "-requested_at"])]
        constraints = [
            models.CheckConstraint(
                name="certificate_period_runs_forward",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                name="certificate_state_told",
                condition=Q(
                    state=CertificateState.REQUESTED, decided_at=None, decided_by=None, document=None, refused_why=""
                )
                | Q(
                    state=CertificateState.ISSUED,
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    document__isnull=False,
                    service_halves__isnull=False,
                    training_halves__isnull=False,
                    refused_why="",
                )
                | (
                    Q(
                        state=CertificateState.REFUSED,
                        decided_at__isnull=False,
                        decided_by__isnull=False,
                        document=None,
                    )
                    & ~Q(refused_why="")
                ),
            ),
            models.UniqueConstraint(
                name="certificate_asked_of_place_once",
                fields=["volunteer", "place"],
                condition=Q(state=CertificateState.REQUESTED, organization=None),
                violation_error_message=_("已经申请过，正在办理。"),
            ),
            models.UniqueConstraint(
                name="certificate_asked_of_organization_once",
                fields=["volunteer", "organization"],
                condition=Q(state=CertificateState.REQUESTED, organization__isnull=False),
                violation_error_message=_("已经申请过，正在办理。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} · {self.issuer}"

    @property
    def number(self) -> str:
        """The number of the issued document; nothing before it is issued."""
        return self.document.number if self.document else ""

    @property
    def issuer(self) -> str:
        """Who has certified, as the paper says; before it is issued, who would."""
        return self.document.issuer if self.document else issuer_of(self.place, self.organization)

    @property
    def standing(self) -> str:
        """Where it stands today: what became of the request, or of the paper since it was issued."""
        if self.document is None or self.document.is_valid:
            return str(self.get_state_display())
        return str(self.document.get_status_display())

    @property
    def holds(self) -> bool:
        """Whether it was issued and not revoked since."""
        return self.document is not None and self.document.is_valid
