"""The ledger: lines that are only ever added, the periods that they stand in, and what the database keeps of both.

Balances, totals and caps are kept by the database itself in the statement that adds a line (`triggers.py`): no way to
write one without the other.
"""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from registry.places.models import Place

from ..calendar import last_day, months_of
from ..choices import ACCOUNTS, Category, LineKind, PeriodKind
from .claims import Claim
from .households import Household
from .people import done_by
from .rules import Item


class PeriodQuerySet(ScopedQuerySet):
    """Months of villages."""

    def covering(self, day: date, kind: str) -> Self:
        """The months of the month, quarter or year that a day stands in."""
        return self.filter(first_day__in=list(months_of(day, kind)))


class Period(models.Model):
    """A month of a village's ledger. Quarters and years are its months; what is closed is never opened again."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="points_periods", verbose_name=_("村、社区"))
    first_day = models.DateField(_("开始"))
    last_day = models.DateField(_("结束"))
    lines = models.PositiveIntegerField(_("行数"), default=0)
    """The number of the last line: lines are numbered within their month."""
    closed_at = models.DateTimeField(_("结账时间"), null=True, blank=True)
    closed_by = done_by(_("结账人"))

    place_lookup = "place"
    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("账期")
        verbose_name_plural = _("账期")
        ordering = ["place", "-first_day"]
        permissions = [("view_report", _("查看积分报表")), ("issue_report", _("出具积分报表"))]
        constraints = [
            models.UniqueConstraint(name="points_period_once", fields=["place", "first_day"]),
            models.CheckConstraint(name="points_period_ends_after_start", condition=Q(last_day__gt=F("first_day"))),
            models.CheckConstraint(
                name="points_period_closed_by_somebody",
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m}"

    @classmethod
    def of(cls, place: Place, day: date) -> "Period":
        """The month of a village that a day stands in, made when nothing stood in it yet."""
        first = day.replace(day=1)
        period, _made = cls.objects.get_or_create(
            place=place, first_day=first, defaults={"last_day": last_day(day, PeriodKind.MONTH)}
        )
        return period


class LineQuerySet(ScopedQuerySet):
    """Lines of the ledger."""

    def total(self) -> int:
        """The sum of their points."""
        return self.aggregate(sum=Sum("points"))["sum"] or 0

    def earned(self) -> Self:
        """Points given and taken for items, mistakes taken out; not what was redeemed, carried or moved."""
        return self.filter(account__in=Category.values)


class LedgerLine(models.Model):
    """Points given to or taken from a household. The database refuses to change or delete it."""

    # Each of these begins an index of several columns: one of its own would only slow each line down.
    place = models.ForeignKey(
        Place, models.PROTECT, db_index=False, related_name="points_lines", verbose_name=_("村、社区")
    )
    household = models.ForeignKey(
        Household, models.PROTECT, db_index=False, related_name="lines", verbose_name=_("农户")
    )
    period = models.ForeignKey(Period, models.PROTECT, db_index=False, related_name="+", verbose_name=_("账期"))
    number = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("类型"), max_length=12, choices=LineKind.choices)
    account = models.CharField(_("类别"), max_length=12, choices=ACCOUNTS)
    points = models.IntegerField(_("积分"))
    title = models.CharField(_("事由"), max_length=120)
    happened_on = models.DateField(_("发生日期"))
    dated_on = models.DateField(_("记账日期"))
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("项目"))
    cap = models.PositiveSmallIntegerField(null=True, blank=True)
    """The item's cap when the line was posted, and the period that it counted in."""
    cap_from = models.DateField(null=True, blank=True)
    cap_until = models.DateField(null=True, blank=True)
    claim = models.OneToOneField(
        Claim, models.PROTECT, null=True, blank=True, related_name="line", verbose_name=_("申报")
    )
    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("冲正哪一行")
    )
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    posted_by = done_by(_("记账人"))
    """Empty: posted by itself when the publicity was over."""
    posted_at = models.DateTimeField(_("记账时间"), default=timezone.now)

    place_lookup = "place"
    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("台账")
        verbose_name_plural = _("台账")
        ordering = ["-pk"]
        permissions = [("reverse_ledgerline", "Can reverse a line")]
        indexes = [
            models.Index(fields=["household", "-dated_on"]),
            models.Index(fields=["place", "-dated_on"]),
        ]
        constraints = [
            models.UniqueConstraint(name="points_line_number", fields=["period", "number"]),
            models.CheckConstraint(
                name="points_line_counts", condition=~Q(points=0) & Q(points__range=(-1_000_000, 1_000_000))
            ),
            models.CheckConstraint(name="points_line_kind_known", condition=Q(kind__in=LineKind.values)),
            models.CheckConstraint(
                name="points_line_account_known", condition=Q(account__in=[value for value, _label in ACCOUNTS])
            ),
            models.CheckConstraint(
                name="points_line_reversal_names_its_line",
                condition=Q(kind=LineKind.REVERSAL, reversal_of__isnull=False) & ~Q(reason="")
                | ~Q(kind=LineKind.REVERSAL) & Q(reversal_of=None),
            ),
            models.CheckConstraint(
                name="points_line_award_has_an_item",
                condition=~Q(kind=LineKind.AWARD) | Q(item__isnull=False, account__in=Category.values),
            ),
            models.CheckConstraint(
                name="points_line_redemption_takes",
                condition=~Q(kind__in=[LineKind.REDEMPTION, LineKind.EXPIRY]) | Q(points__lt=0),
            ),
            models.CheckConstraint(
                name="points_line_cap_whole",
                condition=Q(cap=None, cap_from=None, cap_until=None)
                | Q(cap__isnull=False, cap_until__gte=F("cap_from"), item__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_number} {self.points:+d}"

    @property
    def evidence_number(self) -> str:
        """The number on the paper: month and the line's number in it."""
        return evidence_number(self.dated_on, self.number)


def evidence_number(dated_on: date, number: int) -> str:
    """The number on the paper of a line of a month: 202609-0012."""
    return f"{dated_on:%Y%m}-{number:04d}"


class Balance(models.Model):
    """What a household has. Kept by the database with each line."""

    household = models.OneToOneField(Household, models.PROTECT, primary_key=True, related_name="balance")
    points = models.IntegerField(_("余额"), default=0)
    may_be_negative = models.BooleanField(default=True)
    """As the village's rules say; here too, where the constraint can see it."""

    place_lookup = "household__place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("余额")
        verbose_name_plural = _("余额")
        constraints = [
            models.CheckConstraint(
                name="points_balance_not_negative",
                condition=Q(may_be_negative=True) | Q(points__gte=0),
                violation_error_message=_("余额不够。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.points)


class Total(models.Model):
    """What a household's lines of one category add up to in one month. Kept by the database with each line."""

    household = models.ForeignKey(Household, models.PROTECT, db_index=False, related_name="totals")
    period = models.ForeignKey(Period, models.PROTECT, db_index=False, related_name="totals")
    account = models.CharField(_("类别"), max_length=12, choices=ACCOUNTS)
    points = models.IntegerField(_("积分"))
    lines = models.PositiveIntegerField(_("行数"))

    place_lookup = "household__place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("合计")
        verbose_name_plural = _("合计")
        constraints = [
            models.UniqueConstraint(name="points_total_once", fields=["household", "period", "account"]),
        ]
        indexes = [models.Index(fields=["period", "account"])]

    def __str__(self) -> str:
        return f"{self.period} {self.account} {self.points:+d}"


class CapUse(models.Model):
    """How much of an item's cap a household has used in a period. Kept by the database with each line."""

    household = models.ForeignKey(Household, models.PROTECT, db_index=False, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    cap_from = models.DateField()
    cap_until = models.DateField()
    cap = models.PositiveSmallIntegerField()
    points = models.IntegerField()

    place_lookup = "household__place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="points_capuse_once", fields=["household", "item", "cap_from", "cap_until"]),
            models.CheckConstraint(name="points_capuse_within", condition=Q(points__lte=F("cap"))),
        ]

    def __str__(self) -> str:
        return f"{self.points}/{self.cap}"
