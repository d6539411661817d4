"""The points store: what is in stock, what was redeemed, and what was handed over."""

from datetime import date
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from registry.places.models import Place

from .households import Household
from .ledger import LedgerLine
from .people import done_by


class RewardQuerySet(ScopedQuerySet):
    """Things in the store."""

    def current(self, day: date) -> Self:
        """What the store has on a day, in stock or not."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)

    def on_offer(self, day: date) -> Self:
        """What can be had on a day."""
        return self.current(day).filter(stock__gt=0)


class Reward(models.Model):
    """Something that points are given for. Its stock is the sum of its moves, kept by the database."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="rewards", verbose_name=_("村、社区"))
    name = models.CharField(_("物品"), max_length=60)
    price = models.PositiveSmallIntegerField(_("所需积分"), validators=[MinValueValidator(1)])
    unit = models.CharField(_("单位"), max_length=10, default="份")
    stock = models.IntegerField(_("库存"), default=0, editable=False)
    valid_from = models.DateField(_("上架日期"), default=timezone.localdate)
    valid_until = models.DateField(_("下架日期"), null=True, blank=True)

    place_lookup = "place"
    objects = RewardQuerySet.as_manager()

    class Meta:
        verbose_name = _("兑换物品")
        verbose_name_plural = _("兑换物品")
        ordering = ["place", "price", "name"]
        constraints = [
            models.UniqueConstraint(
                name="points_reward_named_once",
                fields=["place", "name"],
                violation_error_message=_("积分超市里已有同名物品。"),
            ),
            models.CheckConstraint(name="points_reward_costs", condition=Q(price__gte=1)),
            models.CheckConstraint(
                name="points_reward_stock",
                condition=Q(stock__gte=0),
                violation_error_message=_("库存不够。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.price} 分）"


class Redemption(models.Model):
    """Points given for things: the line that took them, the slip, and the handing over. One form, one redemption."""

    class State(models.TextChoices):
        RESERVED = "reserved", _("待领取")
        HANDED_OVER = "handed_over", _("已领取")
        CANCELLED = "cancelled", _("已取消")

    place = models.ForeignKey(Place, models.PROTECT, related_name="redemptions", verbose_name=_("村、社区"))
    household = models.ForeignKey(Household, models.PROTECT, related_name="redemptions", verbose_name=_("农户"))
    reward = models.ForeignKey(Reward, models.PROTECT, related_name="redemptions", verbose_name=_("物品"))
    line = models.OneToOneField(LedgerLine, models.PROTECT, related_name="redemption", verbose_name=_("台账"))
    reward_name = models.CharField(_("物品名称"), max_length=60)
    price = models.PositiveSmallIntegerField(_("所需积分"))
    quantity = models.PositiveSmallIntegerField(_("数量"), default=1)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.RESERVED)
    request_key = models.UUIDField(unique=True, editable=False)
    slip_number = models.CharField(_("兑换单编号"), max_length=80, blank=True)
    made_by = done_by(_("经办人"), always=True)
    made_at = models.DateTimeField(_("兑换时间"), default=timezone.now)
    closed_by = done_by(_("办结人"))
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    place_lookup = "place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("兑换")
        verbose_name_plural = _("兑换")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["place", "-made_at"])]
        constraints = [
            models.CheckConstraint(name="points_redemption_of_one", condition=Q(quantity__gte=1, price__gte=1)),
            models.CheckConstraint(
                name="points_redemption_closed_by_somebody",
                condition=Q(state="reserved", closed_at=None, closed_by=None)
                | Q(state__in=["handed_over", "cancelled"], closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.reward_name} × {self.quantity}"

    @property
    def points(self) -> int:
        """What it cost."""
        return self.price * self.quantity


_MOVE_REASONS = ["restock", "redemption", "return", "loss", "count"]


class StockMove(models.Model):
    """Things that came into the store or left it. Only ever added to."""

    class Reason(models.TextChoices):
        RESTOCK = "restock", _("进货")
        REDEMPTION = "redemption", _("兑换")
        RETURN = "return", _("取消兑换退回")
        LOSS = "loss", _("损耗")
        COUNT = "count", _("盘点")

    reward = models.ForeignKey(Reward, models.PROTECT, related_name="moves", verbose_name=_("物品"))
    change = models.IntegerField(_("增减"))
    reason = models.CharField(_("原因"), max_length=12, choices=Reason.choices)
    redemption = models.ForeignKey(
        Redemption, models.PROTECT, null=True, blank=True, related_name="moves", verbose_name=_("兑换")
    )
    note = models.CharField(_("说明"), max_length=120, blank=True)
    by = done_by(_("经办人"))
    at = models.DateTimeField(_("时间"), default=timezone.now)

    place_lookup = "reward__place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("库存变动")
        verbose_name_plural = _("库存变动")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="points_move_counts", condition=~Q(change=0)),
            models.CheckConstraint(
                name="points_move_reason_known",
                condition=Q(reason__in=_MOVE_REASONS),
            ),
            models.UniqueConstraint(name="points_move_once", fields=["redemption", "reason"]),
            models.CheckConstraint(
                name="points_move_of_its_redemption",
                condition=Q(reason__in=["redemption", "return"], redemption__isnull=False)
                | ~Q(reason__in=["redemption", "return"]) & Q(redemption=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reward} {self.change:+d}"
