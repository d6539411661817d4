"""Numbers, issued documents and batches."""

import hashlib
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from . import codes, kinds
from .errors import DamagedDocument
from .storage import private_storage


class NumberSeries(models.Model):
    """The last number of a series: a kind of document, a year and, where each place counts for itself, a place."""

    kind = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    place_code = models.CharField(max_length=20, blank=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("编号序列")
        verbose_name_plural = _("编号序列")
        constraints = [
            models.UniqueConstraint(fields=["kind", "year", "place_code"], name="printing_one_series"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year} {self.place_code}".strip()


class NumberReservation(models.Model):
    """A number that is being printed. Gone once the document stands; one given up is the next to be given out."""

    series = models.ForeignKey(NumberSeries, on_delete=models.CASCADE, related_name="reservations")
    value = models.PositiveIntegerField()
    holder = models.UUIDField(default=uuid4)
    reserved_at = models.DateTimeField(null=True, default=timezone.now)
    """Empty: given up."""

    class Meta:
        verbose_name = _("预留编号")
        verbose_name_plural = _("预留编号")
        constraints = [
            models.UniqueConstraint(fields=["series", "value"], name="printing_reserved_once"),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.value}"


class IssuedDocumentQuerySet(models.QuerySet["IssuedDocument"]):
    """Issued documents by what is asked of them."""

    def of_kind(self, kind: str) -> Self:
        """Those of one kind."""
        return self.filter(kind=kind)

    def valid(self) -> Self:
        """Those that hold."""
        return self.filter(status=IssuedDocument.Status.VALID)


class IssuedDocument(models.Model):
    """A paper as it was issued: its bytes, what it says in short, and whether it still holds.

    Nothing of it but its state ever changes, and none is deleted: the database refuses both.
    """

    class Status(models.TextChoices):
        VALID = "valid", _("有效")
        REVOKED = "revoked", _("已撤销")
        REPLACED = "replaced", _("已被新文件替代")

    class Reason(models.TextChoices):
        """The kinds of reasons, which the public sees; the words stay with the office."""

        ERROR = "error", _("内容有误")
        REQUEST = "request", _("应当事人申请")
        UNTRUE = "untrue", _("所依据的材料不实")
        UPDATED = "updated", _("数据更正后重新出具")
        OTHER = "other", _("其他原因")

    kind = models.CharField(_("种类"), max_length=60)
    year = models.PositiveSmallIntegerField(_("年份"))
    series_code = models.CharField(_("编号所属区域"), max_length=20, blank=True)
    sequence = models.PositiveIntegerField(_("序号"))
    number = models.CharField(_("编号"), max_length=80, unique=True)
    title = models.CharField(_("标题"), max_length=200)
    issuer = models.CharField(_("出具单位"), max_length=100)
    place_code = models.CharField(_("区划代码"), max_length=20, db_index=True)
    subject = models.CharField(_("对象"), max_length=100, blank=True)
    """Whom or what it is about, masked: it is shown in public."""
    facts = models.JSONField(_("公开核验内容"), default=list)
    """Pairs of a label and a value, as the verification page shows them."""
    fingerprint = models.CharField(_("数据指纹"), max_length=64, blank=True)
    """Of the data that it was made of, where whoever issued it wants to tell whether they have changed since."""
    issued_at = models.DateTimeField(_("出具时间"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("经办人"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    """Empty: issued by the site itself."""
    file = models.FileField(_("文件"), storage=private_storage, max_length=200)
    filename = models.CharField(_("下载文件名"), max_length=200)
    sha256 = models.CharField(_("文件哈希"), max_length=64)
    code = models.CharField(_("查验码"), max_length=codes.LENGTH, unique=True)
    replaces = models.OneToOneField(
        "self",
        verbose_name=_("所替代的文件"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
    )

    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.VALID)
    revoked_at = models.DateTimeField(_("失效时间"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("撤销人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    revocation_category = models.CharField(_("失效原因类别"), max_length=10, choices=Reason, blank=True)
    revocation_reason = models.TextField(_("失效原因"), blank=True)

    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("已出具文件")
        verbose_name_plural = _("已出具文件")
        ordering = ["-issued_at", "-pk"]
        indexes = [models.Index(fields=["kind", "place_code", "-issued_at"], name="printing_kind_place")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "year", "series_code", "sequence"], name="printing_number_once"),
            models.CheckConstraint(
                condition=models.Q(sequence__gte=1) & ~models.Q(number="") & ~models.Q(file="") & ~models.Q(sha256=""),
                name="printing_document_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status="valid",
                    revoked_at=None,
                    revoked_by=None,
                    revocation_category="",
                    revocation_reason="",
                )
                | (
                    models.Q(status__in=["revoked", "replaced"], revoked_at__isnull=False, revoked_by__isnull=False)
                    & ~models.Q(revocation_category="")
                    & ~models.Q(revocation_reason="")
                ),
                name="printing_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def kind_label(self) -> str:
        """What users call its kind."""
        return kinds.label(self.kind)

    @property
    def is_valid(self) -> bool:
        """Whether it holds."""
        return self.status == self.Status.VALID

    @property
    def grouped_code(self) -> str:
        """The verification code as printed."""
        return codes.grouped(self.code)

    @property
    def verify_url(self) -> str:
        """The path of its public verification page."""
        return reverse("printing:verify", args=[self.code])

    def content(self) -> bytes:
        """The bytes that were issued. Raises DamagedDocument when the file is gone or is not what was issued."""
        try:
            # Asked of the storage: the field may hold what it has read before.
            with self.file.storage.open(str(self.file.name)) as stored:
                content: bytes = stored.read()
        except OSError as error:
            raise DamagedDocument(
                _now("文件 %(number)s 的存档找不到了，请联系管理员。") % {"number": self.number}
            ) from error
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise DamagedDocument(
                _now("文件 %(number)s 的存档已损坏，与出具时不一致，不能使用。请联系管理员。") % {"number": self.number}
            )
        return content


class BatchQuerySet(models.QuerySet["Batch"]):
    """Batches by who may see them and what is to be done."""

    def visible_to(self, user: Any) -> Self:
        """Those that a user started; all for a superuser."""
        return self.all() if user.is_superuser else self.filter(started_by=user)

    def unfinished(self) -> Self:
        """Those that wait, run, or were left by a worker that ended."""
        return self.filter(finished_at=None)


class Batch(models.Model):
    """Many documents printed in the background, one item each, into one archive."""

    title = models.CharField(_("名称"), max_length=200)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("发起人"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("发起时间"), default=timezone.now)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    """When the worker last showed that it is alive."""
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    archive = models.FileField(_("压缩包"), storage=private_storage, blank=True, max_length=200)
    archive_name = models.CharField(max_length=200, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("批量打印")
        verbose_name_plural = _("批量打印")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page with its progress, in the back office."""
        return reverse("printing_batches:detail", args=[self.pk])


class BatchItem(models.Model):
    """One document of a batch: what makes it, and what became of it."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("正在生成")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    label = models.CharField(_("内容"), max_length=200)
    producer = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.WAITING)
    error = models.TextField(_("失败原因"), blank=True)
    """For the user, in words."""
    document = models.ForeignKey(
        IssuedDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="batch_items"
    )
    file = models.FileField(storage=private_storage, blank=True, max_length=200)
    filename = models.CharField(_("文件名"), max_length=200, blank=True)
    figures = models.JSONField(null=True, blank=True)
    """What the item that closes the batch is told of it."""
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("批量打印的文件")
        verbose_name_plural = _("批量打印的文件")
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="printing_item_position"),
            models.CheckConstraint(
                condition=~models.Q(status="failed") | ~models.Q(error=""), name="printing_failure_is_told"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="done") | models.Q(document__isnull=False) | ~models.Q(file=""),
                name="printing_done_has_a_result",
            ),
        ]

    def __str__(self) -> str:
        return self.label
