"""Spreadsheets that were handed in: the file, what was found in it, and whether it was taken."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.files import path_by_day, private_storage
from registry.importing.resources import resource


class ImportRun(models.Model):
    """One file on its way in."""

    class State(models.TextChoices):
        """Where it stands."""

        CHECKING = "checking", _("正在检查")
        REFUSED = "refused", _("有错误，没有导入")
        READY = "ready", _("检查通过，等待确认")
        APPLYING = "applying", _("正在导入")
        APPLIED = "applied", _("已导入")
        FAILED = "failed", _("中断了，没有导入")

    resource = models.CharField(_("内容"), max_length=60)
    # Encrypted: it holds what the tables keep encrypted.
    file = models.FileField(_("文件"), storage=private_storage, upload_to=path_by_day)
    filename = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.CHECKING)
    reason = models.TextField(_("原因"), blank=True)
    unknown_headings = models.JSONField(default=list)
    outcomes = models.JSONField(default=list)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("谁"))
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    applied_at = models.DateTimeField(_("导入时间"), null=True)

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="import_applied_at_a_time",
                condition=Q(state="applied", applied_at__isnull=False) | ~Q(state="applied") & Q(applied_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def title(self) -> str:
        """What the file is of, for a reader; the key where the app no longer takes such files."""
        try:
            return str(resource(self.resource).title)
        except KeyError:
            return self.resource

    @property
    def is_under_way(self) -> bool:
        """Whether something is being done with it."""
        return self.state in {self.State.CHECKING, self.State.APPLYING}
