"""Who volunteers, and what they can do."""

import hashlib
import unicodedata
from functools import cache
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, lookups
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase

from accounts.scoping import ScopedQuerySet
from accounts.sensitive import EncryptedTextField, fingerprint, mask_id_number, mask_name, mask_phone
from registry.places.models import Place
from registry.volunteers.choices import IdType
from search.pinyin import syllables


@cache
def _to_simplified() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def fold_skill(name: str) -> str:
    """The one way a skill is written: half-width Latin, simplified characters, single spaces."""
    return str(_to_simplified().convert(" ".join(unicodedata.normalize("NFKC", name).split())))


class SkillNameField(models.CharField):
    """A skill's name. What is written or looked up is folded: 開車 and 开车 do not become two skills."""

    def get_prep_value(self, value: Any) -> Any:
        """Folded, as every row is."""
        value = super().get_prep_value(value)
        return fold_skill(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The row holds what the database holds."""
        value = fold_skill(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value


@SkillNameField.register_lookup
class FoldedIExact(lookups.IExact):
    """Compares without regard to case, as taggit looks tags up; folded like every other comparison."""

    prepare_rhs = True


class Skill(TagBase):
    """What somebody can do, in a word or two: 急救, 摄影, 木工."""

    name = SkillNameField(_("名称"), unique=True, max_length=30)

    class Meta:
        verbose_name = _("技能")
        verbose_name_plural = _("技能")
        ordering = ["name"]

    def slugify(self, tag: str, i: int | None = None) -> str:
        """The pinyin as one word; a short code of the text where nothing in it can be spelled."""
        spelled = "".join(char for char in "".join(syllables(tag)) if char.isascii() and char.isalnum())[:80]
        slug = spelled or f"x{hashlib.sha256(tag.encode()).hexdigest()[:8]}"
        return slug if i is None else f"{slug}-{i + 1}"


class VolunteerQuerySet(ScopedQuerySet):
    """Volunteers, by what is asked of them."""

    def known_by(self, id_type: str, id_number: str) -> Self:
        """Whoever has this paper: one at the most. The number is in its one form (`numbers.clean_id_number`)."""
        return self.filter(id_type=id_type, id_fingerprint=fingerprint(id_number))

    def minors(self) -> Self:
        """Those who are not of age today."""
        return self.filter(of_age_on__gt=timezone.localdate())


class Volunteer(models.Model):  # type: ignore[django-manager-missing]
    """Somebody who volunteers. ID and phone numbers are encrypted, and no list or search shows or takes them in plain.

    Recorded with their consent, and of a minor with the guardian's; not made public (Volunteer Service Regulations,
    articles 7 and 20; Personal Information Protection Law, articles 28, 29 and 31).
    """

    name = models.CharField(_("姓名"), max_length=60)
    id_type = models.CharField(_("证件类型"), max_length=12, choices=IdType.choices, default=IdType.RESIDENT)
    id_number = EncryptedTextField(_("证件号码"))
    id_fingerprint = models.CharField(max_length=64, editable=False)
    birth_date = models.DateField(_("出生日期"))
    of_age_on = models.DateField(_("成年日期"), editable=False)
    phone = EncryptedTextField(_("联系电话"))
    skills = TaggableManager(
        _("技能"), through="volunteers.VolunteerSkill", blank=True, help_text=_("会做什么，例如：急救、摄影、木工")
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="volunteers", verbose_name=_("居住地"))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="volunteer",
        verbose_name=_("账号"),
    )
    consented_on = models.DateField(_("本人同意日期"))
    guardian_name = models.CharField(_("监护人姓名"), max_length=60, blank=True)
    guardian_phone = EncryptedTextField(_("监护人电话"), null=True, blank=True)
    guardian_consented_on = models.DateField(_("监护人同意日期"), null=True, blank=True)
    registered_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    place_lookup: ClassVar[str] = "place"

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("志愿者")
        verbose_name_plural = _("志愿者")
        ordering = ["-registered_at", "-pk"]
        permissions = [("reveal_volunteer", _("查看完整证件号码和电话"))]
        indexes = [models.Index(fields=["name"]), models.Index(fields=["-registered_at"])]
        constraints = [
            models.UniqueConstraint(
                name="volunteer_paper_once",
                fields=["id_type", "id_fingerprint"],
                violation_error_message=_("这个证件号码已经登记过。"),
            ),
            models.CheckConstraint(
                name="volunteer_paper_known",
                condition=Q(id_type__in=IdType.values),
                violation_error_message=_("没有这种证件。"),
            ),
            models.CheckConstraint(
                name="volunteer_named_and_fingerprinted", condition=~Q(name="") & ~Q(id_fingerprint="")
            ),
            models.CheckConstraint(
                name="volunteer_minor_has_guardian",
                condition=Q(of_age_on__lte=models.F("consented_on"))
                | (~Q(guardian_name="") & Q(guardian_phone__isnull=False) & Q(guardian_consented_on__isnull=False)),
                violation_error_message=_("未满十八周岁的，要填写监护人姓名、电话和同意日期。"),
            ),
            models.CheckConstraint(
                name="volunteer_of_age_after_birth", condition=Q(of_age_on__gt=models.F("birth_date"))
            ),
        ]

    def __str__(self) -> str:
        return self.masked_name

    @property
    def masked_name(self) -> str:
        """张*: what may stand in a log or on a public page."""
        return mask_name(self.name)

    @property
    def masked_id(self) -> str:
        """The division and the last four of the number."""
        return mask_id_number(self.id_number)

    @property
    def masked_phone(self) -> str:
        """The first three and the last four digits."""
        return mask_phone(self.phone)

    @property
    def masked_guardian_phone(self) -> str:
        """The same of the guardian's number; empty where there is no guardian."""
        return mask_phone(self.guardian_phone) if self.guardian_phone else ""

    @property
    def is_minor(self) -> bool:
        """Whether the volunteer is under eighteen today."""
        return self.of_age_on > timezone.localdate()


class VolunteerSkill(ItemBase):
    """What a volunteer can do."""

    tag = models.ForeignKey(Skill, models.CASCADE, related_name="volunteer_links")
    content_object = models.ForeignKey(Volunteer, models.CASCADE, related_name="skill_links")

    class Meta:
        verbose_name = _("志愿者的技能")
        verbose_name_plural = _("志愿者的技能")
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="volunteers_volunteerskill_once")]
