"""What the search keeps in the database: changes on their way to the engine, synonyms, what found nothing."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxEntry(models.Model):
    """A change to a searchable thing, recorded in the transaction that made it.

    The line names the row, not its content: delivery reads the row as it is then, so that a line delivered twice or
    late can never put an older state over a newer one.
    """

    source = models.CharField(max_length=40)
    object_pk = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("待送达的索引变更")
        verbose_name_plural = _("待送达的索引变更")
        indexes = [
            models.Index(fields=["id"], condition=models.Q(delivered_at=None), name="search_outbox_waiting"),
            models.Index(fields=["delivered_at"], name="search_outbox_delivered"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.object_pk}"


class SynonymGroup(models.Model):
    """Words of daily life, and the words that the law uses for them.

    One way, from `words` to `expansions`: 房东 also finds 出租人, while 出租人 is not searched as 房东.
    """

    words = models.CharField(
        _("日常说法"), max_length=200, help_text=_("居民会输入的词，多个词用顿号分开：房东、包租婆")
    )
    expansions = models.CharField(_("法律用语"), max_length=200, help_text=_("法条里用的词，多个词用顿号分开：出租人"))
    field = models.CharField(_("领域"), max_length=20, blank=True)
    active = models.BooleanField(_("启用"), default=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = _("同义词")
        verbose_name_plural = _("同义词")
        ordering = ["field", "words"]
        constraints = [
            models.UniqueConstraint(fields=["words"], name="search_synonym_words_unique"),
            models.CheckConstraint(
                condition=~models.Q(words="") & ~models.Q(expansions=""), name="search_synonym_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words} → {self.expansions}"


class UnansweredQuery(models.Model):
    """A query that found nothing or next to nothing; what an editor should write about."""

    text = models.CharField(_("查询"), max_length=120, unique=True)
    times = models.PositiveIntegerField(_("次数"), default=0)
    results = models.PositiveIntegerField(_("结果数"), default=0)
    first_asked_at = models.DateTimeField(_("首次"), default=timezone.now)
    last_asked_at = models.DateTimeField(_("最近"), default=timezone.now)

    class Meta:
        verbose_name = _("没有答案的查询")
        verbose_name_plural = _("没有答案的查询")
        ordering = ["-times", "-last_asked_at"]

    def __str__(self) -> str:
        return self.text
