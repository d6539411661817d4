"""Who stands behind a filing, and the files that prove what it says."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.files import path_by_day, private_storage
from accounts.scoping import ScopedQuerySet
from accounts.sensitive import EncryptedTextField, fingerprint, mask_phone
from registry.organizations.choices import FileKind
from registry.organizations.models.filings import Filing
from registry.organizations.validators import validate_name, validate_phone


class Person(models.Model):
    """A founder or a member. The phone number tells apart those who share a name, and is seen by nobody else."""

    name = models.CharField(_("姓名"), max_length=40, validators=[validate_name])
    phone = EncryptedTextField(_("手机"), blank=True, validators=[validate_phone])
    phone_fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    duty = models.CharField(_("职务或身份"), max_length=40, blank=True, validators=[validate_name])
    position = models.PositiveSmallIntegerField(_("序号"), default=0)

    place_lookup: ClassVar[str] = "filing__place"

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        """The number as screens show it."""
        return mask_phone(self.phone) if self.phone else ""

    def stamp(self) -> "Person":
        """Keep the hash in step with the number, before the row is written."""
        self.phone_fingerprint = fingerprint(self.phone) if self.phone else ""
        return self


class Founder(Person):
    """Somebody who founds the organization."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="founders", verbose_name=_("备案申请"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("发起人")
        verbose_name_plural = _("发起人")
        ordering = ["filing", "position", "pk"]
        constraints = [
            models.UniqueConstraint(name="founder_once", fields=["filing", "name", "phone_fingerprint"]),
        ]


class Member(Person):
    """Somebody who belongs to the organization."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="members", verbose_name=_("备案申请"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("会员")
        verbose_name_plural = _("会员")
        ordering = ["filing", "position", "pk"]
        constraints = [
            models.UniqueConstraint(name="member_once", fields=["filing", "name", "phone_fingerprint"]),
        ]


class FilingFile(models.Model):
    """A charter or another file of a filing. A renewal's row names the same stored file as the row before."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="files", verbose_name=_("备案申请"))
    kind = models.CharField(_("种类"), max_length=12, choices=FileKind.choices)
    file = models.FileField(_("文件"), storage=private_storage, upload_to=path_by_day, max_length=120)
    name = models.CharField(_("文件名"), max_length=120)
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(_("上传时间"), auto_now_add=True)

    place_lookup: ClassVar[str] = "filing__place"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("申请材料")
        verbose_name_plural = _("申请材料")
        ordering = ["filing", "kind", "pk"]
        constraints = [
            models.CheckConstraint(name="filing_file_kind_known", condition=Q(kind__in=FileKind.values)),
            models.UniqueConstraint(
                name="filing_file_once",
                fields=["filing", "kind", "sha256"],
                violation_error_message=_("这个文件已经上传过。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
