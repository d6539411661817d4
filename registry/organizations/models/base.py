"""What an organization says of itself: the same columns in the application and in the register."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.organizations.choices import FieldOfWork, LegalForm, PremisesRight
from registry.organizations.models.rules import OrganizationKind
from registry.organizations.validators import validate_name, validate_phone, validate_text
from registry.places.models import Place


class Particulars(models.Model):
    """The particulars that are filled in once and kept for renewals.

    They may be incomplete while a filing is a draft; what the register needs, its own class and constraints ask for.
    What is encrypted stays with the filing: whoever lists organizations has no key to use.
    """

    name = models.CharField(_("组织名称"), max_length=60, validators=[validate_name])
    form = models.CharField(_("法律形式"), max_length=20, choices=LegalForm.choices)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    kind = models.ForeignKey(OrganizationKind, models.PROTECT, related_name="%(class)ss", verbose_name=_("组织类别"))
    field_of_work = models.CharField(_("业务领域"), max_length=20, choices=FieldOfWork.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="%(class)ss", verbose_name=_("所在地"))
    aims = models.CharField(_("宗旨和业务范围"), max_length=500, validators=[validate_text])
    head_name = models.CharField(_("负责人姓名"), max_length=40, blank=True, validators=[validate_name])
    head_public = models.BooleanField(_("同意在公开页面上显示负责人姓名"), default=False)
    contact_phone = models.CharField(_("公开联系电话"), max_length=30, blank=True, validators=[validate_phone])
    contact_email = models.EmailField(_("公开联系邮箱"), max_length=100, blank=True)
    premises = models.CharField(_("活动场所地址"), max_length=120, blank=True, validators=[validate_text])
    premises_right = models.CharField(_("场所来源"), max_length=12, choices=PremisesRight.choices, blank=True)

    class Meta:
        abstract = True

    def copy_particulars(self, source: "Particulars") -> None:
        """Take over all that the other says of itself; saves nothing."""
        for name in PARTICULARS:
            setattr(self, name, getattr(source, name))


PARTICULARS = tuple(field.name for field in Particulars._meta.local_fields)
