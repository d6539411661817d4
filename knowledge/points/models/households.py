"""Households: who points are given to, who belongs to them, how they were split and merged."""

from datetime import date
from typing import Any, ClassVar, Self, cast

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from accounts.sensitive import EncryptedTextField, mask_name, mask_phone
from registry.places.models import Place


class HouseholdQuerySet(ScopedQuerySet):
    """Households, by what is asked of them."""

    def current(self) -> Self:
        """Those that have not been dissolved."""
        return self.filter(closed_on=None)

    def of_village(self, village: Place) -> Self:
        """The households of a village, in its grids or not."""
        return self.filter(village=village)

    def coded(self, code: str) -> "Household | None":
        """The one household of this code, in whatever case; without its leading zeros where only one can be meant."""
        found: Any = self.filter(code__iexact=code).first()
        if found is None and code.isascii() and code.isdigit():
            alike = list(self.filter(code__regex=rf"^0*{int(code)}$")[:2])
            found = alike[0] if len(alike) == 1 else None
        return cast("Household | None", found)

    def named(self) -> Self:
        """Those that agreed to be named in public."""
        return self.exclude(consent_on=None)


class Household(models.Model):
    """A household of a village. Its head and its code stand on paper; its telephone opens its passbook."""

    village = models.ForeignKey(Place, models.PROTECT, related_name="households_of_village", verbose_name=_("村、社区"))
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="households_at", verbose_name=_("网格"), help_text=_("网格，没有就是村。")
    )
    code = models.CharField(
        _("户号"),
        max_length=12,
        validators=[RegexValidator(r"^[0-9A-Za-z-]+$", _("户号只能用数字、字母和短横线。"))],
    )
    head = models.CharField(_("户主"), max_length=60)
    phone = EncryptedTextField(_("手机号"), blank=True)
    consent_on = models.DateField(
        _("同意具名日期"), null=True, blank=True, help_text=_("哪天同意在公示和榜单上写姓名；空着只显示姓。")
    )
    closed_on = models.DateField(_("销户日期"), null=True, blank=True, editable=False)

    place_lookup = "place"
    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("农户")
        verbose_name_plural = _("农户")
        ordering = ["village", "code"]
        indexes = [models.Index(fields=["place"])]
        constraints = [
            models.UniqueConstraint(
                name="points_household_code",
                fields=["village", "code"],
                violation_error_message=_("这个村已有这个户号。"),
            ),
            models.CheckConstraint(name="points_household_headed", condition=~Q(head="") & ~Q(code="")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.head}"

    @property
    def public_name(self) -> str:
        """The head's name as the public sees it: whole with consent, else the first character."""
        return self.head if self.consent_on else mask_name(self.head)

    @property
    def masked_phone(self) -> str:
        """138****5678."""
        return mask_phone(self.phone) if self.phone else ""


class MemberQuerySet(ScopedQuerySet):
    """People of households."""

    def on(self, day: date) -> Self:
        """Who belonged to the household on a day."""
        return self.filter(Q(left_on=None) | Q(left_on__gt=day), joined_on__lte=day)

    def current(self) -> Self:
        """Who has not left."""
        return self.filter(left_on=None)


class Member(models.Model):
    """Somebody of a household, from the day of joining to the day of leaving.

    The relation is to the head that the household has now, in the words of the village. Two are known to the site:
    the head's own, and that nobody has said yet how somebody is related to a new head.
    """

    HEAD: ClassVar[str] = "本人"
    UNSAID: ClassVar[str] = "待核实"

    household = models.ForeignKey(Household, models.PROTECT, related_name="members", verbose_name=_("农户"))
    name = models.CharField(_("姓名"), max_length=60)
    relation = models.CharField(_("与户主关系"), max_length=20, help_text=_("本人、配偶、子、女、父、母……"))
    joined_on = models.DateField(_("入户日期"))
    left_on = models.DateField(_("离户日期"), null=True, blank=True)

    place_lookup = "household__place"
    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("家庭成员")
        verbose_name_plural = _("家庭成员")
        ordering = ["household", "joined_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="points_member_left_after_joining",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                violation_error_message=_("离户日期不能早于入户日期。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """One household out of another: by a split, or by a merger. Only ever added to."""

    class Kind(models.TextChoices):
        SPLIT = "split", _("分户")
        MERGER = "merger", _("并户")

    kind = models.CharField(_("变动"), max_length=8, choices=Kind.choices)
    on = models.DateField(_("日期"))
    former = models.ForeignKey(Household, models.PROTECT, related_name="successions", verbose_name=_("原户"))
    later = models.ForeignKey(Household, models.PROTECT, related_name="origins", verbose_name=_("新户"))
    note = models.CharField(_("说明"), max_length=200, blank=True)

    place_lookup = "former__place"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("分户并户")
        verbose_name_plural = _("分户并户")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(name="points_succession_of_two", condition=~Q(former=F("later"))),
            models.UniqueConstraint(name="points_succession_once", fields=["former", "later", "kind"]),
        ]

    def __str__(self) -> str:
        return f"{self.former} → {self.later}"
