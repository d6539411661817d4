"""What the search keeps in the database: changes on their way to the engine, synonyms, what found nothing."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
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


class DeliveryClock(models.Model):
    """The number of the last turn of writing to a distributed index; each turn's is higher than all before it."""

    value = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("索引写入序号")
        verbose_name_plural = _("索引写入序号")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="search_one_delivery_clock")]

    def __str__(self) -> str:
        return str(self.value)


class SynonymGroupQuerySet(models.QuerySet["SynonymGroup"]):
    """Groups of synonyms by what the search and the editors ask of them."""

    def active(self) -> Self:
        """The groups that queries are expanded by."""
        return self.filter(active=True)

    def version(self) -> tuple[Any, ...]:
        """What changes whenever a group is saved, added or deleted; one cheap query."""
        marks = self.aggregate(models.Count("pk"), models.Max("pk"), models.Max("updated_at"))
        return tuple(marks.values())


class SynonymGroup(models.Model):
    """Words of daily life, and the words that the law uses for them.

    One way, from `words` to `expansions`: 房东 also finds 出租人, while 出租人 is not searched as 房东.
    """

    words = models.CharField(
        _("日常说法"), max_length=200, help_text=_("居民会输入的词，多个词用顿号分开：房东、包租婆")
    )
    expansions = models.CharField(_("法律用语"), max_length=200, help_text=_("法条里用的词，多个词用顿号分开：出租人"))
    field = models.CharField(_("领域"), max_length=20, blank=True, help_text=_("例如：婚姻家庭、劳动、租房"))
    active = models.BooleanField(_("启用"), default=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    objects = SynonymGroupQuerySet.as_manager()

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

    def clean(self) -> None:
        """Write both sides one way, and refuse what could not help a query. Raises ValidationError by field."""
        # The module loads this model to keep its table; it is only needed once all models stand.
        from search import synonyms

        errors: dict[str, Any] = {}
        for name in ("words", "expansions"):
            try:
                setattr(self, name, synonyms.join(synonyms.checked(getattr(self, name))))
            except ValidationError as error:
                errors[name] = error
        if not errors and (both := set(synonyms.folded(self.words)) & set(synonyms.folded(self.expansions))):
            errors["expansions"] = _("“%(word)s”两边都有：日常说法和法律用语要不一样。") % {"word": min(both)}
        if errors:
            raise ValidationError(errors)


class SynonymSeed(models.Model):
    """A line of the list that the project brings, as it was last loaded.

    A group that no longer reads as its line was changed by an editor; a line whose group is gone was deleted by one.
    Loading the list again leaves both as the editor wanted them.
    """

    key = models.CharField(max_length=200, unique=True)
    """The first lay word of the line, folded: what makes it the same line in a newer list."""
    group = models.OneToOneField(SynonymGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="seed")
    words = models.CharField(max_length=200)
    expansions = models.CharField(max_length=200)
    field = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("随项目提供的同义词")
        verbose_name_plural = _("随项目提供的同义词")

    def __str__(self) -> str:
        return self.key


class Suggestion(models.Model):
    """A phrase that the search box offers while someone types, and the page it leads to.

    Kept by the delivery of documents: rows of a document are replaced when the document is.
    """

    document = models.CharField(max_length=80)
    """The key of the document, as in `search.documents.Document.key`."""
    kind = models.CharField(max_length=40)
    phrase = models.CharField(max_length=120)
    folded = models.CharField(max_length=120, db_index=True)
    pinyin = models.CharField(max_length=960)
    """The syllables with a space before each: ` li hun`."""
    initials = models.CharField(max_length=120)
    """The first letter of each syllable: `lh`."""
    url = models.CharField(max_length=400)
    rank = models.PositiveSmallIntegerField(default=0)
    """Where it stands among the phrases of its document: the title first, then what else people call it."""

    class Meta:
        verbose_name = _("搜索建议")
        verbose_name_plural = _("搜索建议")
        constraints = [
            models.UniqueConstraint(fields=["document", "folded"], name="search_suggestion_once_a_document"),
        ]

    def __str__(self) -> str:
        return self.phrase


class UnansweredQueryQuerySet(models.QuerySet["UnansweredQuery"]):
    """Queries without an answer, by what is still to do about them."""

    def waiting(self) -> Self:
        """Those that nobody has dealt with, or that were asked again after somebody had."""
        return self.filter(models.Q(handled_at=None) | models.Q(handled_at__lt=models.F("last_asked_at")))


class UnansweredQuery(models.Model):
    """A query that found nothing or next to nothing; what an editor should write about."""

    text = models.CharField(_("查询"), max_length=120, unique=True)
    times = models.PositiveIntegerField(_("次数"), default=0)
    results = models.PositiveIntegerField(_("结果数"), default=0)
    first_asked_at = models.DateTimeField(_("首次"), default=timezone.now)
    last_asked_at = models.DateTimeField(_("最近"), default=timezone.now)
    handled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("处理人"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = UnansweredQueryQuerySet.as_manager()

    class Meta:
        verbose_name = _("没有答案的查询")
        verbose_name_plural = _("没有答案的查询")
        ordering = ["-times", "-last_asked_at"]
        constraints = [
            models.CheckConstraint(
                # The account may be deleted later; the moment stays.
                condition=models.Q(handled_by=None) | models.Q(handled_at__isnull=False),
                name="search_unanswered_handled_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def waiting(self) -> bool:
        """Whether somebody still has to look at it (see `UnansweredQueryQuerySet.waiting`)."""
        handled: datetime | None = self.handled_at
        return handled is None or handled < self.last_asked_at
