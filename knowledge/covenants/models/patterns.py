"""Words that a reviewer should look at twice, and the article that forbids what they may mean."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class WordPattern(models.Model):
    """Words of a clause that draw the reviewer's eye. A flag, never a block."""

    name = models.CharField(_("名称"), max_length=40, unique=True)
    words = models.TextField(
        _("词语"),
        help_text=_("每行一组；一行里用空格隔开的几个词要出现在同一句里。前面有“不”“不得”“禁止”“严禁”的不提示。"),
    )
    reason = models.CharField(_("为什么要看"), max_length=120)
    law = models.CharField(_("法律"), max_length=60)
    article = models.CharField(_("第几条"), max_length=12, help_text=_("阿拉伯数字，如 27"))
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("审查提示词")
        verbose_name_plural = _("审查提示词")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A line without a word would flag everything."""
        lines = [line.strip() for line in self.words.splitlines()]
        self.words = "\n".join(line for line in lines if line)
        if not self.words:
            raise ValidationError({"words": _("至少写一个词。")})

    @property
    def groups(self) -> list[list[str]]:
        """The lines, each as the words that must stand together."""
        return [line.split() for line in self.words.splitlines()]
