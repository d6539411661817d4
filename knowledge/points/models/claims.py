"""A claim on its way to the ledger: entered, checked, reviewed by a panel, made public, posted or refused."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.files import path_by_day, private_storage
from accounts.scoping import ScopedQuerySet
from accounts.sensitive import EncryptedTextField
from registry.places.models import Place

from ..choices import Category, ClaimState, Source
from .households import Household
from .people import done_by
from .rules import Item


class Batch(models.Model):
    """Claims that were entered together: a day's clean-up, a spreadsheet."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("村、社区"))
    title = models.CharField(_("名称"), max_length=60)
    happened_on = models.DateField(_("日期"))
    request_key = models.UUIDField(unique=True, editable=False)
    """Made with the empty form: the same form sent twice is one batch."""
    entered_by = done_by(_("登记人"), always=True)
    entered_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    place_lookup = "place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("批量登记")
        verbose_name_plural = _("批量登记")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.happened_on:%Y-%m-%d} {self.title}"


class ClaimQuerySet(ScopedQuerySet):
    """Claims, by how far they have come."""

    def open(self) -> Self:
        """Those that are neither posted nor refused."""
        return self.exclude(state__in=[ClaimState.POSTED, ClaimState.REFUSED])

    def objectionable(self, today: date) -> Self:
        """Those whose days of publicity are not over; the household itself may object to what is taken from it."""
        return self.filter(state=ClaimState.PUBLICIZED, public_from__lte=today, public_until__gte=today)

    def in_publicity(self, today: date) -> Self:
        """What the public may see and object to today. Points taken are never shown."""
        return self.objectionable(today).filter(points__gt=0)

    def due(self, today: date) -> Self:
        """Those whose publicity is over and to which no objection is open."""
        disputed = Objection.objects.filter(claim=OuterRef("pk"), decided_at=None)
        return self.filter(~Exists(disputed), state=ClaimState.PUBLICIZED, public_until__lt=today)


class Claim(models.Model):
    """Points asked for a household, for something done on a day. Copies what it needs of its item."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="points_claims", verbose_name=_("村、社区"))
    household = models.ForeignKey(Household, models.PROTECT, related_name="claims", verbose_name=_("农户"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="claims", verbose_name=_("项目"))
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("批次")
    )
    item_name = models.CharField(_("项目名称"), max_length=60)
    category = models.CharField(_("类别"), max_length=12, choices=Category.choices)
    unit_points = models.SmallIntegerField(_("每次积分"))
    quantity = models.PositiveSmallIntegerField(_("数量"), default=1)
    points = models.IntegerField(_("积分"))
    happened_on = models.DateField(_("发生日期"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    source = models.CharField(_("来源"), max_length=10, choices=Source.choices)
    state = models.CharField(_("状态"), max_length=10, choices=ClaimState.choices, default=ClaimState.ENTERED)
    request_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    entered_by = done_by(_("登记人"))
    """Empty: the household itself."""
    entered_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    checked_by = done_by(_("初审人"))
    checked_at = models.DateTimeField(_("初审时间"), null=True, blank=True)
    public_from = models.DateField(_("公示开始"), null=True, blank=True)
    public_until = models.DateField(_("公示截止"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    refusal = models.CharField(_("不予积分的理由"), max_length=200, blank=True)

    place_lookup = "place"
    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("积分申报")
        verbose_name_plural = _("积分申报")
        ordering = ["-pk"]
        permissions = [("check_claim", "Can check claims first"), ("review_claim", "Can review claims on the panel")]
        indexes = [
            models.Index(fields=["place", "state", "public_until"]),
            models.Index(fields=["household", "-happened_on"]),
        ]
        constraints = [
            models.CheckConstraint(name="points_claim_state_known", condition=Q(state__in=ClaimState.values)),
            models.CheckConstraint(
                name="points_claim_adds_up",
                condition=Q(quantity__gte=1) & ~Q(unit_points=0) & Q(points=F("unit_points") * F("quantity")),
                violation_error_message=_("积分等于每次积分乘以数量，数量至少是 1。"),
            ),
            models.CheckConstraint(
                name="points_claim_checked_by_somebody",
                condition=Q(checked_at=None, checked_by=None) | Q(checked_at__isnull=False, checked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="points_claim_checked_by_another",
                condition=Q(checked_by=None) | Q(entered_by=None) | ~Q(checked_by=F("entered_by")),
                violation_error_message=_("初审人不能是登记人自己。"),
            ),
            models.CheckConstraint(
                name="points_claim_checked_before_review",
                condition=Q(state__in=[ClaimState.ENTERED, ClaimState.REFUSED]) | Q(checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="points_claim_public_before_posting",
                condition=~Q(state__in=[ClaimState.PUBLICIZED, ClaimState.POSTED])
                | Q(public_until__gte=F("public_from")),
            ),
            models.CheckConstraint(
                name="points_claim_refused_for_a_reason",
                condition=Q(state=ClaimState.REFUSED) & ~Q(refusal="") | ~Q(state=ClaimState.REFUSED) & Q(refusal=""),
            ),
            models.CheckConstraint(
                name="points_claim_closed_once",
                condition=Q(state__in=[ClaimState.POSTED, ClaimState.REFUSED], closed_at__isnull=False)
                | ~Q(state__in=[ClaimState.POSTED, ClaimState.REFUSED]) & Q(closed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.item_name} {self.points:+d}"

    @property
    def number(self) -> str:
        """What the claim is called on paper and in objections: S000123."""
        return f"S{self.pk:06d}"


class Photo(models.Model):
    """Evidence of a claim; for those who check it, never public."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="photos", verbose_name=_("申报"))
    file = models.FileField(_("照片"), storage=private_storage, upload_to=path_by_day)

    place_lookup = "claim__place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("凭证照片")
        verbose_name_plural = _("凭证照片")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.claim)


class Review(models.Model):
    """What one member of the panel said. Only ever added to, once by each."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="reviews", verbose_name=_("申报"))
    reviewer = done_by(_("评议员"), always=True)
    agrees = models.BooleanField(_("同意"))
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)

    place_lookup = "claim__place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("评议")
        verbose_name_plural = _("评议")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="points_review_once",
                fields=["claim", "reviewer"],
                violation_error_message=_("每人只能评议一次。"),
            ),
            models.CheckConstraint(
                name="points_review_refuses_for_a_reason",
                condition=Q(agrees=True) | ~Q(reason=""),
                violation_error_message=_("不同意要写理由。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.claim}"


class ObjectionQuerySet(ScopedQuerySet):
    """Objections, by who filed them."""

    def own(self) -> Self:
        """Those that the household filed about its own points: the only ones whose answer its passbook shows."""
        return self.filter(by_household=True)


class Objection(models.Model):
    """What somebody has against a claim in its publicity; posting waits until it is decided."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="objections", verbose_name=_("申报"))
    name = models.CharField(_("姓名"), max_length=60)
    phone = EncryptedTextField(_("手机号"))
    text = models.TextField(_("异议"), max_length=500)
    by_household = models.BooleanField(_("农户自己提出"), default=False)
    """Filed in the passbook of the household that the claim is of."""
    filed_at = models.DateTimeField(_("提出时间"), default=timezone.now)
    upheld = models.BooleanField(_("异议成立"), null=True, blank=True)
    answer = models.CharField(_("处理意见"), max_length=200, blank=True)
    decided_by = done_by(_("处理人"))
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    place_lookup = "claim__place"
    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("异议")
        verbose_name_plural = _("异议")
        ordering = ["decided_at", "filed_at"]
        constraints = [
            models.CheckConstraint(
                name="points_objection_decided_whole",
                condition=Q(upheld=None, answer="", decided_by=None, decided_at=None)
                | Q(upheld__isnull=False, decided_by__isnull=False, decided_at__isnull=False) & ~Q(answer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.text[:20]}"

    @property
    def outcome(self) -> str:
        """Whether it holds, or that it is being looked into."""
        if self.upheld is None:
            return _now("正在核实")
        return _now("异议成立") if self.upheld else _now("异议不成立")
