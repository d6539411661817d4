"""Reports that somebody put together and saved."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import appointments_of
from registry.places.models import Place, on_the_way
from registry.reporting.datasets import dataset, datasets_for
from registry.reporting.definition import Definition, load
from registry.reporting.facts import Dataset


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports, by who may open them."""

    def visible_to(self, user: Any) -> Self:
        """One's own, the standing ones, and those shared at a place that one's own stands in. Figures are always the
        reader's own: a report shows each of them what their roles reach."""
        reports = self.filter(dataset__in=[one.key for one in datasets_for(user)])
        if user.is_superuser:
            return reports
        paths = {held.place.path for held in appointments_of(user)}
        return reports.filter(Q(owner=user) | ~Q(standing="") | Q(shared_at__path__in=on_the_way(paths)))


class Report(models.Model):
    """A report: what it shows, whose it is, and with whom it is shared."""

    title = models.CharField(_("名称"), max_length=60)
    description = models.CharField(_("说明"), max_length=200, blank=True)
    dataset = models.CharField(_("内容"), max_length=30)
    definition = models.JSONField(default=dict)
    # Comes with the site, under this key; nobody's own, copied before it is changed.
    standing = models.CharField(max_length=40, blank=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name=_("谁的")
    )
    shared_at = models.ForeignKey(
        Place,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("共享给"),
        help_text=_("这个地方及以下的人都能打开；每个人只看得到自己范围里的数字。"),
    )
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("报表")
        verbose_name_plural = _("报表")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="report_standing_once", fields=["standing"], condition=~Q(standing="")),
            models.CheckConstraint(
                name="report_has_an_owner_or_stands",
                condition=Q(standing="", owner__isnull=False) | ~Q(standing="") & Q(owner=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def source(self) -> Dataset:
        """The dataset that it is about."""
        return dataset(self.dataset)

    @property
    def stated(self) -> Definition:
        """What it shows."""
        return load(self.definition)
